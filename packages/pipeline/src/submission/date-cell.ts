/** `YYYY-MM-DD` of a cell of an Arrow date or timestamp, which comes as milliseconds or as a date; '?' for one out of all bounds, null for none. */
export function dateCell(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const time = new Date(value instanceof Date ? value.getTime() : Number(value));
  return Number.isNaN(time.getTime()) ? '?' : time.toISOString().slice(0, 10);
}
