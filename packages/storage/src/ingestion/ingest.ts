import { randomUUID } from 'node:crypto';
import { throwIfCancelled } from '@risk-scoring/contract';
import { publishBatch, removeBatch } from '../batches.ts';
import type { Database } from '../database.ts';
import { SnapshotError } from '../errors.ts';
import { type CheckedSnapshot, checkDistinct, checkSnapshot, unreadableFile } from './check-snapshot.ts';
import { type ColumnPlan, quote } from './column-check.ts';
import {
  findSnapshotFolders,
  readSnapshotFolder,
  type SnapshotFile,
  type SnapshotFolder,
} from './snapshot-folder.ts';

/** What happened to one snapshot. */
export interface SnapshotOutcome {
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** `unchanged`: the same files were published already, so nothing was written. */
  readonly outcome: 'ingested' | 'replaced' | 'unchanged';
  readonly batchId: string;
  /** Rows per table, of the published batch. */
  readonly rows: Readonly<Record<string, number>>;
  /** Columns of the files that no table has, as `raw_alerts.note`. */
  readonly extraColumns: readonly string[];
}

/** What to tell while ingesting. */
export interface IngestProgress {
  readonly step: 'verifying' | 'ingesting';
  readonly snapshot: string;
  readonly done: number;
  readonly total: number;
  /** Rows written so far. */
  readonly rows: number;
}

/** Options of {@link ingestSnapshots}. */
export interface IngestOptions {
  /** A snapshot folder, or a folder of them. */
  readonly from: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/**
 * Ingests SOT snapshots from disk. All of them are verified (META.json, md5, columns and rows) before
 * the first row is written; then each becomes visible at once, all its tables together, by the one row that
 * publishes its batch. The same files again change nothing; other files for the same date replace it.
 *
 * @returns one outcome per snapshot, by processing date
 * @throws {SnapshotError} when a snapshot is not what it says; snapshots published before stay as they were
 * @throws {CancelledError} when the signal aborts; the snapshot under way is not published
 * @example
 * const outcomes = await ingestSnapshots(database, { from: './snapshots' });
 */
export async function ingestSnapshots(
  database: Database,
  options: IngestOptions,
): Promise<SnapshotOutcome[]> {
  const folders = await findSnapshotFolders(options.from);
  const total = folders.length;
  const report = (progress: Omit<IngestProgress, 'total'>) => options.onProgress?.({ ...progress, total });

  const checked: CheckedSnapshot[] = [];
  for (const folder of folders) {
    throwIfCancelled(options.signal, `verifying ${folder}`);
    const snapshot = await checkSnapshot(database, await readSnapshotFolder(folder));
    checked.push(snapshot);
    report({ step: 'verifying', snapshot: snapshot.folder.processingDate, done: checked.length, rows: 0 });
  }
  checkDistinct(checked);

  const outcomes: SnapshotOutcome[] = [];
  let rows = 0;
  for (const snapshot of checked) {
    const { processingDate } = snapshot.folder;
    throwIfCancelled(options.signal, `ingesting ${processingDate}`);
    const outcome = await ingestSnapshot(database, snapshot, options.signal);
    outcomes.push(outcome);
    if (outcome.outcome !== 'unchanged') rows += Object.values(outcome.rows).reduce((sum, n) => sum + n, 0);
    report({ step: 'ingesting', snapshot: processingDate, done: outcomes.length, rows });
  }
  return outcomes;
}

async function ingestSnapshot(
  database: Database,
  snapshot: CheckedSnapshot,
  signal: AbortSignal | undefined,
): Promise<SnapshotOutcome> {
  const { folder, plans } = snapshot;
  const base = {
    processingDate: folder.processingDate,
    windowDays: folder.windowDays,
    rows: Object.fromEntries(folder.files.map((file) => [file.table, file.rows])),
    extraColumns: [...plans].flatMap(([table, plan]) => plan.extra.map((column) => `${table}.${column}`)),
  };
  const published = await findPublishedBatch(database, folder);
  if (published?.fingerprint === folder.fingerprint && (await isWhole(database, folder, published.batchId))) {
    return { ...base, outcome: 'unchanged', batchId: published.batchId };
  }
  const batchId = randomUUID();
  try {
    for (const file of folder.files) {
      throwIfCancelled(signal, `ingesting ${file.path}`);
      await insertFile(database, file, { plan: plans.get(file.table), batchId });
    }
    throwIfCancelled(signal, `publishing ${folder.processingDate}`);
  } catch (error) {
    await removeBatch(
      database,
      folder.files.map((file) => file.table),
      batchId,
    );
    throw error;
  }
  // From here on the batch may be visible even if the call fails, so its rows stay.
  await publishBatch(database, 'ingestions', {
    batch_id: batchId,
    processing_date: folder.processingDate,
    window_days: folder.windowDays,
    source: folder.folder,
    fingerprint: folder.fingerprint,
    file_md5: Object.fromEntries(folder.files.map((file) => [file.table, file.md5])),
    table_rows: Object.fromEntries(folder.files.map((file) => [file.table, file.rows])),
  });
  return { ...base, outcome: published ? 'replaced' : 'ingested', batchId };
}

/** Whether every row of a batch is still there: somebody may have deleted some, and ingesting again is the remedy. */
async function isWhole(database: Database, folder: SnapshotFolder, batchId: string): Promise<boolean> {
  for (const file of folder.files) {
    if ((await countBatch(database, file, batchId)) !== file.rows) return false;
  }
  return true;
}

async function countBatch(database: Database, { table }: SnapshotFile, batchId: string): Promise<number> {
  const [counted] = await database.query<{ rows: number }>({
    sql: `SELECT toFloat64(count()) AS rows FROM ${table} WHERE batch_id = {batch_id:String}`,
    params: { batch_id: batchId },
    doing: `counting the rows of ${table}`,
  });
  return counted?.rows ?? 0;
}

async function findPublishedBatch(
  database: Database,
  folder: SnapshotFolder,
): Promise<{ batchId: string; fingerprint: string } | undefined> {
  const [row] = await database.query<{ published_batch_id: string; published_fingerprint: string }>({
    sql: `SELECT published_batch_id, published_fingerprint
FROM published_batches
WHERE processing_date = {date:Date} AND window_days = {window:UInt16}`,
    params: { date: folder.processingDate, window: folder.windowDays },
    doing: 'looking for the published snapshot',
  });
  return row && { batchId: row.published_batch_id, fingerprint: row.published_fingerprint };
}

async function insertFile(
  database: Database,
  file: SnapshotFile,
  { plan, batchId }: { plan: ColumnPlan | undefined; batchId: string },
): Promise<void> {
  if (plan === undefined) return;
  const source = database.engine.parquetSource(file.path);
  await database
    .command({
      sql: `INSERT INTO ${file.table} (${[...plan.columns.map(quote), 'batch_id'].join(', ')})
SELECT ${[...plan.expressions, '{batch_id:String}'].join(', ')}
FROM ${source.sql}`,
      params: { ...source.params, batch_id: batchId },
      doing: `inserting ${file.path}`,
    })
    .catch((error: unknown) => {
      throw unreadableFile(file, error);
    });
  const rows = await countBatch(database, file, batchId);
  if (rows !== file.rows) {
    throw new SnapshotError({
      code: 'SNAPSHOT_ROW_COUNT_MISMATCH',
      summary: `${file.table} did not take every row of ${file.path}.`,
      expected: `${file.rows} rows`,
      found: `${rows} rows`,
      remedy: 'ingest again; if it happens again, check the disk',
    });
  }
}
