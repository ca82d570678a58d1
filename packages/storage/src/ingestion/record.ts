import type { InsertedRows } from './insert-source.ts';
import { fingerprintOf } from './snapshot-meta.ts';
import type { Source } from './source.ts';

/** The columns of `ingestions` that tell what was read and under which ids it stands. */
export function recordOf(inserted: ReadonlyMap<Source, InsertedRows>): object {
  const md5s = byTable(inserted, ({ md5 }) => md5);
  return {
    fingerprint: fingerprintOf(Object.entries(md5s).map(([table, md5]) => ({ table, md5 }))),
    file_md5: md5s,
    table_rows: byTable(inserted, ({ rows }) => rows),
    table_batches: byTable(inserted, ({ batchId }) => batchId),
  };
}

/** A value of each table, by name. */
export function byTable<T>(
  inserted: ReadonlyMap<Source, InsertedRows>,
  value: (rows: InsertedRows) => T,
): Record<string, T> {
  const entries = [...inserted].map(([source, rows]) => [source.table.name, value(rows)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}
