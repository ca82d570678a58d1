const DAY_MS = 86_400_000;

/**
 * A day as text.
 *
 * @param day days since 1970-01-01
 * @example
 * dayText(20_000); // '2024-10-04'
 */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
