import { createTable, type Table, type TableDefinition } from './table.ts';

/** Entries per row of list columns of fixed length. */
const widths: Readonly<Record<string, number>> = { hours: 24, weekdays: 7 };

/** Some rows of a table, in the order asked for. */
export function takeRows<D extends TableDefinition>(table: Table<D>, rows: Int32Array): Table<D> {
  const taken = createTable(table.definition, rows.length);
  for (const [name, kind] of Object.entries(table.definition)) {
    copyRows(table.columns[name] as unknown[], taken.columns[name] as unknown[], {
      rows,
      width: widths[kind] ?? 1,
    });
  }
  return taken;
}

function copyRows(
  from: readonly unknown[],
  to: unknown[],
  { rows, width }: { rows: Int32Array; width: number },
): void {
  for (let row = 0; row < rows.length; row++) {
    const start = rows[row] * width;
    for (let entry = 0; entry < width; entry++) to[row * width + entry] = from[start + entry];
  }
}
