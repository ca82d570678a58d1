/**
 * Rows of text in columns that line up; numbers should come formatted. The first row is the heading.
 *
 * @example
 * table([['date', 'rows'], ['2020-01-01', '698']]);
 */
export function table(given: readonly (readonly string[])[]): string {
  const rows = given.map((row) => row.map((cell) => cell.replaceAll('\n', '\\n')));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A count with thousands separated: 20,000. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A size: 12.3 MB, in steps of 1000. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${(value / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}

/** A share of 0..1 as a percentage: 16.9 %. */
export function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

/** A figure with three digits: 0.942; a dash where there is none. */
export function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(3);
}
