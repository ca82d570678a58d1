/**
 * Bytes as gigabytes (10⁹), with one decimal below ten.
 *
 * @example
 * gigabytes(3_800_000_000); // '3.8 GB'
 */
export function gigabytes(bytes: number): string {
  const value = bytes / 1e9;
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} GB`;
}
