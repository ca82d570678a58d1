import { createHash } from 'node:crypto';
import type { Data, Table } from 'apache-arrow';
import { TRAINING_TABLES, type TrainingTable } from './training-data.ts';

/**
 * A hash of every table's buffers: it tells whether somebody wrote into them.
 *
 * @example
 * const before = hashTables(data);
 * changedTables(before, hashTables(data)); // []
 */
export function hashTables(
  data: Readonly<Partial<Record<TrainingTable, Table>>>,
): ReadonlyMap<TrainingTable, string> {
  return new Map(
    TRAINING_TABLES.flatMap((name) => {
      const table = data[name];
      return table === undefined ? [] : [[name, hashTable(table)] as const];
    }),
  );
}

/** The tables whose hashes differ; see {@link hashTables}. */
export function changedTables(
  before: ReadonlyMap<TrainingTable, string>,
  after: ReadonlyMap<TrainingTable, string>,
): TrainingTable[] {
  return TRAINING_TABLES.filter((name) => before.get(name) !== after.get(name));
}

function hashTable(table: Table): string {
  const hash = createHash('sha1').update(`${table.numRows}`);
  const add = (data: Data) => {
    for (const buffer of [data.values, data.valueOffsets, data.nullBitmap, data.typeIds] as unknown[]) {
      if (ArrayBuffer.isView(buffer)) {
        hash.update(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));
      }
    }
    for (const child of data.children) if (child !== undefined) add(child);
    for (const chunk of data.dictionary?.data ?? []) add(chunk);
  };
  for (const batch of table.batches) add(batch.data);
  return hash.digest('base64');
}
