import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { throwIfCancelled } from '@risk-scoring/contract';
import type { Database } from '../database.ts';
import { inParallel } from '../ingestion/in-parallel.ts';
import { assertPlainPath } from '../ingestion/local-source.ts';
import { temporaryFolder } from '../ingestion/temporary-folder.ts';
import { quote } from '../sql-text.ts';
import type { LabelSetRows } from './label-set-rows.ts';
import { type LabelSetName, scopeOf } from './names.ts';
import { rowBinary } from './row-binary.ts';

/** Rows of one insert. */
const ROWS_AT_ONCE = 250_000;
/** Inserts under way at once. Each keeps a core busy, sorting and hashing. */
const INSERTS_AT_ONCE = 2;

/**
 * Inserts a set's rows under a batch id that nobody reads yet, by way of files: the embedded engine takes no other binary rows.
 *
 * @throws {CancelledError} between two inserts
 */
export async function insertRows(
  database: Database,
  rows: LabelSetRows,
  options: LabelSetName & {
    readonly batchId: string;
    readonly signal: AbortSignal | undefined;
    readonly onRows: ((rows: number) => void) | undefined;
  },
): Promise<void> {
  const { dataSet, version, batchId, signal } = options;
  const doing = `inserting the label set ${scopeOf(options)}`;
  const { structure, columns, encode } = rowBinary(rows);
  const { folder, remove } = await temporaryFolder();
  let done = 0;
  try {
    const starts = Array.from({ length: Math.ceil(rows.rows / ROWS_AT_ONCE) }, (_, i) => i * ROWS_AT_ONCE);
    await inParallel(starts, INSERTS_AT_ONCE, async (from) => {
      throwIfCancelled(signal, doing);
      const to = Math.min(from + ROWS_AT_ONCE, rows.rows);
      const file = path.join(folder, `${from}.bin`);
      assertPlainPath(file);
      const bytes = encode(from, to);
      await writeFile(file, bytes);
      const input = database.engine.readFile(
        {
          path: file,
          source: file,
          format: 'RowBinary',
          compression: 'none',
          bytes: bytes.length,
          plainBytes: undefined,
        },
        structure,
      );
      const { open } = input;
      await database.command({
        sql: `INSERT INTO miner_labels (${columns.map(quote).join(', ')}, network, data_set, data_set_version, batch_id)
SELECT ${columns.map(quote).join(', ')}, {network:String}, {data_set:String}, {data_set_version:String}, {batch_id:String}
FROM ${input.from}${input.format === undefined ? '' : `\nFORMAT ${input.format}`}`,
        params: {
          ...input.params,
          network: database.network,
          data_set: dataSet,
          data_set_version: version,
          batch_id: batchId,
        },
        // A folder named `window_days=7` is no column.
        settings: { max_threads: 1, ...(open === undefined ? { use_hive_partitioning: 0 as const } : {}) },
        doing,
        // Repeated by the caller, under another batch id.
        repeatable: false,
        ...(open === undefined ? {} : { open: () => open() }),
      });
      await rm(file);
      done += to - from;
      options.onRows?.(done);
    });
  } finally {
    await remove();
  }
}
