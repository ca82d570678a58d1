/** Milliseconds of a day; simulated days have no leap seconds. */
export const DAY_MS = 86_400_000;

/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000;

/**
 * Days since 1970-01-01 of a `YYYY-MM-DD` date in UTC; undefined when there is no such day.
 *
 * @example
 * dayNumber('1970-01-02'); // 1
 * dayNumber('2025-02-30'); // undefined
 */
export function dayNumber(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const time = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(time)) return undefined;
  const day = time / DAY_MS;
  return formatDay(day) === date ? day : undefined;
}

/**
 * The `YYYY-MM-DD` date of a day number.
 *
 * @example
 * formatDay(20_094); // '2025-01-06'
 */
export function formatDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The weekday of a day number, Monday being 0. 1970-01-01 was a Thursday. */
export function weekday(day: number): number {
  return (day + 3) % 7;
}
