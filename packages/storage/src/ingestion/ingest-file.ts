import { InvalidInputError, throwIfCancelled } from '@risk-scoring/contract';
import { newBatchId, publishBatch } from '../batches.ts';
import type { Database } from '../database.ts';
import { INGEST_TABLES, type IngestTable } from '../tables.ts';
import { removeRows } from './batch-rows.ts';
import { planColumns, tableColumns } from './column-check.ts';
import { describeScope, publishedFile, replacesSomething, type Scope, scopesOf } from './file-scopes.ts';
import { openFileSource } from './find-file.ts';
import type { IngestProgress } from './ingest.ts';
import { type InsertedRows, insertSource } from './insert-source.ts';
import { DEFAULT_LIMITS, type IngestLimits } from './limits.ts';
import { recordOf } from './record.ts';
import { rowRules } from './row-checks.ts';
import { emptyFile } from './snapshot.ts';
import type { Source } from './source.ts';

/** What happened to a file. */
export interface FileOutcome {
  readonly table: string;
  /** `unchanged`: the same file was published already, so nothing was written. */
  readonly outcome: 'ingested' | 'replaced' | 'unchanged';
  readonly batchId: string;
  readonly rows: number;
  /** The snapshots or data sets it holds: `2020-01-01, window 30`, `my-labels, version 2`. */
  readonly scopes: readonly string[];
  readonly warnings: readonly string[];
}

/** Options of {@link ingestFile}. */
export interface IngestFileOptions {
  /** A `.parquet`, `.csv` or `.ndjson` file, also `.gz` or `.zst`: a path, `s3://bucket/key` or an `https://` address. */
  readonly from: string;
  /** `raw_alerts`, …, `miner_labels` or `entity_addresses`. */
  readonly table: string;
  readonly force?: boolean;
  /** Take the columns of a CSV by the names in its header, whatever their order. */
  readonly anyColumnOrder?: boolean;
  readonly limits?: Partial<IngestLimits>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/**
 * Ingests one file into one table. For every snapshot (or data set of `miner_labels` or `entity_addresses`) that its rows belong to, they replace that
 * table's rows, all at once; other tables and snapshots stay as they are.
 *
 * @throws {InvalidInputError} for a table that files are not ingested into
 * @throws {SnapshotError | FileError} naming file, column and row, when the file cannot be taken; the table is unchanged
 * @example
 * await ingestFile(database, { from: 'my-labels.csv.gz', table: 'miner_labels' });
 */
export async function ingestFile(database: Database, options: IngestFileOptions): Promise<FileOutcome> {
  const table = tableNamed(options.table);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const source = await openFileSource(database, {
    from: options.from,
    table,
    limits,
    signal: options.signal,
  });
  try {
    if (source.rows === 0) throw emptyFile(source);
    const wanted = await tableColumns(database, table.name);
    const plan = planColumns(source, wanted, options);
    const warnings = plan.extra.map((column) => `${column} is no column of ${table.name} and was left out`);
    const published = options.force ? undefined : await publishedFile(database, source, options.signal);
    if (published !== undefined) return { ...published, table: table.name, outcome: 'unchanged', warnings };
    throwIfCancelled(options.signal, `ingesting ${source.label}`);

    const report = (rows: number) =>
      options.onProgress?.({
        step: 'ingesting',
        snapshot: table.name,
        done: 0,
        total: 1,
        rows,
        totalRows: source.rows,
      });
    const ingestionId = await newBatchId(database);
    const inserted = await insertSource(database, source, {
      plan,
      rules: rowRules(source, plan, limits, { network: database.network }),
      scope: table.scope,
      within: { where: '1', params: {} },
      ingestionId,
      signal: options.signal,
      onRows: report,
    });
    const { rows } = inserted;
    let scopes: Scope[];
    let replaces: boolean;
    try {
      if (rows === 0) throw emptyFile(source);
      report(rows);
      scopes = await scopesOf(database, table, inserted.batchId);
      replaces = await replacesSomething(database, table, inserted.batchId);
      throwIfCancelled(options.signal, `publishing ${source.label}`);
    } catch (error) {
      await removeRows(database, table.name, inserted.batchId);
      throw error;
    }
    // From here on the rows may be visible even if the call fails, so they stay.
    await publish(database, source, { ingestionId, inserted, scopes });
    return {
      table: table.name,
      outcome: replaces ? 'replaced' : 'ingested',
      batchId: ingestionId,
      rows,
      scopes: scopes.map(describeScope),
      warnings,
    };
  } finally {
    await source.dispose();
  }
}

function tableNamed(name: string): IngestTable {
  const table = INGEST_TABLES.find((entry) => entry.name === name);
  if (table !== undefined) return table;
  throw new InvalidInputError({
    what: 'The table',
    expected: INGEST_TABLES.map((entry) => entry.name).join(', '),
    found: name,
    remedy: 'name one of them with --table',
  });
}

async function publish(
  database: Database,
  source: Source,
  {
    ingestionId,
    inserted,
    scopes,
  }: { ingestionId: string; inserted: InsertedRows; scopes: readonly Scope[] },
): Promise<void> {
  const table = source.table.name;
  const record = recordOf(new Map([[source, inserted]]));
  await publishBatch(
    database,
    'ingestions',
    scopes.map(({ date, window, scope, rows, batch }) => ({
      batch_id: ingestionId,
      processing_date: date,
      window_days: window,
      scope,
      source: source.label,
      ...record,
      table_rows: { [table]: rows },
      table_batches: { [table]: batch },
    })),
  );
}
