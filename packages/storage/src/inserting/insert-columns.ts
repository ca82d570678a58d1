import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { throwIfCancelled } from '@risk-scoring/contract';
import type { Database } from '../database.ts';
import { inParallel } from '../ingestion/in-parallel.ts';
import { assertPlainPath } from '../ingestion/local-source.ts';
import { temporaryFolder } from '../ingestion/temporary-folder.ts';
import { quote } from '../sql-text.ts';
import { DEDUPLICATED_TABLES } from '../tables.ts';
import { assertLengths, type InsertColumn, type InsertConstant } from './columns.ts';
import { blocksOf, nativeEncoder, type RowRange } from './native-blocks.ts';

/** Inserts under way at once. Each keeps a core busy, sorting and hashing. */
const INSERTS_AT_ONCE = 2;

/** What {@link insertColumns} inserts. */
export interface ColumnsToInsert {
  readonly table: string;
  readonly columns: readonly InsertColumn[];
  /** Columns whose value is the same for all rows, by name. */
  readonly constants?: Readonly<Record<string, InsertConstant>>;
  readonly rows: number;
  /** "while …", for messages. */
  readonly doing: string;
  /** Looked at between two inserts. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many rows are in. */
  readonly onRows?: ((rows: number) => void) | undefined;
}

/**
 * Inserts many rows as binary blocks: the embedded engine reads them from files, a server from the request. Each block is there whole or not
 * at all, but not all of them together, so insert under a batch id that nobody reads yet. A block whose answer was lost is sent again, and
 * there once, in tables that remember tokens ({@link DEDUPLICATED_TABLES}); for others the error comes out, and the caller repeats all
 * under another batch id.
 *
 * @throws {InvalidInputError} where a column has not one value per row, or a number that its type does not hold
 * @throws {DatabaseError} as a command of the database does
 * @throws {CancelledError} between two inserts
 * @example
 * await insertColumns(database, {
 *   table: 'alert_rankings',
 *   columns: [{ name: 'alert_id', type: 'String', values: ids }, { name: 'score', type: 'Float64', values: scores }],
 *   constants: { batch_id: { type: 'String', value: batchId } },
 *   rows: ids.length,
 *   doing: 'writing scores',
 * });
 */
export async function insertColumns(database: Database, insert: ColumnsToInsert): Promise<void> {
  const { columns, rows, signal, doing, onRows } = insert;
  assertLengths(columns, rows);
  const encode = nativeEncoder(columns);
  const { folder, remove } = await temporaryFolder();
  let done = 0;
  try {
    // On a cluster a second quorum insert into the table would be refused.
    const atOnce = database.engine.cluster === undefined ? INSERTS_AT_ONCE : 1;
    await inParallel(blocksOf(columns, rows), atOnce, async (block) => {
      throwIfCancelled(signal, doing);
      await insertBlock(database, insert, { file: path.join(folder, `${block.from}.native`), block, encode });
      done += block.to - block.from;
      onRows?.(done);
    });
  } finally {
    await remove();
  }
}

async function insertBlock(
  database: Database,
  { table, columns, constants = {}, doing }: ColumnsToInsert,
  {
    file,
    block,
    encode,
  }: { readonly file: string; readonly block: RowRange; readonly encode: (rows: RowRange) => Buffer[] },
): Promise<void> {
  const names = columns.map(({ name }) => quote(name));
  const same = Object.entries(constants);
  const pieces = encode(block);
  const input = database.engine.readFile(
    {
      path: file,
      source: file,
      format: 'Native',
      compression: 'none',
      bytes: pieces.reduce((sum, piece) => sum + piece.length, 0),
      plainBytes: undefined,
    },
    columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', '),
  );
  const sent = input.format !== undefined;
  if (!sent) {
    assertPlainPath(file);
    await writeFile(file, pieces);
  }
  // An embedded engine's answers are not lost.
  const token = sent && DEDUPLICATED_TABLES.has(table) ? randomUUID() : undefined;
  await database.command({
    sql: `INSERT INTO ${table} (${[...names, ...same.map(([name]) => quote(name))].join(', ')})
SELECT ${[...names, ...same.map(([, { type }], index) => `{constant_${index}:${type}}`)].join(', ')}
FROM ${input.from}${sent ? `\nFORMAT ${input.format}` : ''}`,
    params: {
      ...input.params,
      ...Object.fromEntries(same.map(([, { value }], index) => [`constant_${index}`, value])),
    },
    settings: {
      max_threads: 1,
      ...(token === undefined ? {} : { insert_deduplication_token: token }),
      // A folder named `window_days=7` is no column.
      ...(sent ? {} : { use_hive_partitioning: 0 }),
    },
    doing,
    repeatable: token !== undefined,
    ...(sent ? { open: () => Readable.from(pieces) } : {}),
  });
  if (!sent) await rm(file);
}
