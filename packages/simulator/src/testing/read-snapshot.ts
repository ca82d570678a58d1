import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Decimal, type Table, Type, tableFromIPC, type Vector } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';
import type { SnapshotFile } from '../tables/definitions.ts';

/** A table of a written snapshot, read back from its Parquet file. */
export function readTable(folder: string, file: SnapshotFile): Table {
  return tableFromIPC(readParquet(readFileSync(join(folder, file))).intoIPCStream());
}

/** All five tables of a written snapshot. */
export function readSnapshot(folder: string) {
  return {
    alerts: readTable(folder, 'raw_alerts.parquet'),
    features: readTable(folder, 'raw_features.parquet'),
    clusters: readTable(folder, 'raw_clusters.parquet'),
    moneyFlows: readTable(folder, 'raw_money_flows.parquet'),
    addressLabels: readTable(folder, 'raw_address_labels.parquet'),
  };
}

/** A column of texts. */
export function textsOf(table: Table, column: string): string[] {
  return Array.from(table.getChild(column) ?? [], String);
}

/** A numeric column; decimals as the nearest double. */
export function numbersOf(table: Table, column: string): Float64Array {
  const vector = table.getChild(column);
  if (vector === null) throw new Error(`no column ${column}`);
  if (vector.type.typeId === Type.Decimal) {
    return Float64Array.from(decimalsOf(table, column), (value) => Number(value) / 1e18);
  }
  return Float64Array.from(vector, Number);
}

/** A Decimal(38, 18) column as whole units of 10^-18. */
export function decimalsOf(table: Table, column: string): bigint[] {
  const vector = table.getChild(column) as Vector<Decimal> | null;
  return (vector?.data ?? []).flatMap((data) => {
    const words = new BigUint64Array(data.values.slice(0, data.length * 4).buffer);
    return Array.from({ length: data.length }, (_, row) =>
      BigInt.asIntN(128, ((words[2 * row + 1] as bigint) << 64n) | (words[2 * row] as bigint)),
    );
  });
}

/** A column of lists of numbers. */
export function listsOf(table: Table, column: string): number[][] {
  return Array.from(table.getChild(column) ?? [], (list: Iterable<number>) => Array.from(list, Number));
}

/** A column of lists of texts. */
export function textListsOf(table: Table, column: string): string[][] {
  return Array.from(table.getChild(column) ?? [], (list: Iterable<string>) => Array.from(list, String));
}

/** Columns that hold one number per row, flags included. */
export function numericColumns(table: Table): string[] {
  return table.schema.fields
    .filter(({ type }) => [Type.Int, Type.Float, Type.Decimal, Type.Bool].includes(type.typeId))
    .map(({ name }) => name);
}
