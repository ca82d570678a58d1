import { throwIfCancelled } from '@risk-scoring/contract';
import { newBatchId, publishBatch, removeBatch } from '../batches.ts';
import type { Database } from '../database.ts';
import type { RawTableName } from '../tables.ts';
import { type ColumnPlan, planColumns, type TableColumn, tableColumns } from './column-check.ts';
import { findSnapshots } from './find-snapshots.ts';
import { inParallel } from './in-parallel.ts';
import { type InsertedRows, insertSource } from './insert-source.ts';
import { DEFAULT_LIMITS, type IngestLimits } from './limits.ts';
import { isPublished, publishedTables } from './published.ts';
import { rowRules } from './row-checks.ts';
import { checkDistinct, checkPromises, type Snapshot } from './snapshot.ts';
import { fingerprintOf } from './snapshot-meta.ts';
import type { Source } from './source.ts';

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
  /** What a reader should know, though nothing is wrong: columns that no table has, tables without rows. */
  readonly warnings: readonly string[];
}

/** What to tell while ingesting. */
export interface IngestProgress {
  readonly step: 'inspecting' | 'ingesting';
  /** The snapshot or file at hand. */
  readonly snapshot: string;
  /** Snapshots done. */
  readonly done: number;
  readonly total: number;
  /** Rows written so far, and all that are to be written, where that is known. */
  readonly rows: number;
  readonly totalRows: number | undefined;
}

/** Options of {@link ingestSnapshots}. */
export interface IngestOptions {
  /**
   * A snapshot folder, or a folder of them; `s3://bucket/prefix`, the same on S3, which the engine reads itself; or the `https://`
   * address of one snapshot folder.
   */
  readonly from: string;
  /** Ingest again what is published already. */
  readonly force?: boolean;
  readonly limits?: Partial<IngestLimits>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: IngestProgress) => void;
}

/**
 * Ingests SOT snapshots. Before the first row is written, all of them are looked into: META.json, the files it names, their columns
 * and row counts. Then each is inserted under ids that nobody reads, checked (md5, rows, keys, values), and becomes
 * visible at once, all its tables together, by the one row that publishes it. The same files again change nothing; other files for
 * the same date and window replace it.
 *
 * @returns one outcome per snapshot, by processing date
 * @throws {SnapshotError | FileError} when a snapshot is not what it says; snapshots published before stay as they were
 * @throws {CancelledError} when the signal aborts; the snapshot under way is not published
 * @example
 * const outcomes = await ingestSnapshots(database, { from: './snapshots' });
 */
export async function ingestSnapshots(
  database: Database,
  options: IngestOptions,
): Promise<SnapshotOutcome[]> {
  const { signal } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const found = await findSnapshots(database, options.from, { limits, signal });
  const snapshots: Snapshot[] = [];
  try {
    for (const open of found.snapshots) {
      throwIfCancelled(signal, `inspecting ${options.from}`);
      const snapshot = await open();
      snapshots.push(snapshot);
      checkPromises(snapshot, database.network);
      options.onProgress?.({
        step: 'inspecting',
        snapshot: snapshot.processingDate,
        done: snapshots.length,
        total: found.snapshots.length,
        rows: 0,
        totalRows: undefined,
      });
    }
    checkDistinct(snapshots);
    snapshots.sort((a, b) => (a.processingDate < b.processingDate ? -1 : 1));
    return await ingestAll(database, snapshots, { ...options, limits });
  } finally {
    for (const { sources } of snapshots) for (const source of sources) await source.dispose();
    await found.dispose();
  }
}

/** Tables of a snapshot that are inserted at the same time. */
const INSERTS_AT_ONCE = 2;

interface Run extends Omit<IngestOptions, 'limits'> {
  readonly limits: IngestLimits;
}

async function ingestAll(
  database: Database,
  snapshots: readonly Snapshot[],
  options: Run,
): Promise<SnapshotOutcome[]> {
  const columns = new Map<RawTableName, TableColumn[]>();
  const planned = [];
  for (const snapshot of snapshots) {
    const plans = new Map<Source, ColumnPlan>();
    for (const source of snapshot.sources) {
      const table = source.table.name as RawTableName;
      const wanted = columns.get(table) ?? (await tableColumns(database, table));
      columns.set(table, wanted);
      plans.set(source, planColumns(source, wanted));
    }
    planned.push({ snapshot, plans });
  }
  const outcomes: SnapshotOutcome[] = [];
  let rows = 0;
  let totalRows = sum(snapshots.flatMap(({ sources }) => sources.map((source) => source.rows ?? 0)));
  for (const { snapshot, plans } of planned) {
    const { processingDate, sources } = snapshot;
    throwIfCancelled(options.signal, `ingesting ${processingDate}`);
    const report = (name: string, more: number) =>
      options.onProgress?.({
        step: 'ingesting',
        snapshot: name,
        done: outcomes.length,
        total: snapshots.length,
        rows: rows + more,
        totalRows,
      });
    const outcome = await ingestSnapshot(database, snapshot, { ...options, plans, report });
    outcomes.push(outcome);
    const written = sum(sources.map((source) => source.rows ?? 0));
    if (outcome.outcome === 'unchanged') totalRows -= written;
    else rows += written;
    report(processingDate, 0);
  }
  return outcomes;
}

async function ingestSnapshot(
  database: Database,
  snapshot: Snapshot,
  options: Run & {
    readonly plans: ReadonlyMap<Source, ColumnPlan>;
    readonly report: (name: string, rows: number) => void;
  },
): Promise<SnapshotOutcome> {
  const { processingDate, windowDays, sources } = snapshot;
  const { signal, limits, plans, report } = options;
  const base = { processingDate, windowDays, warnings: warningsOf(snapshot, plans) };
  const published = await publishedTables(database, snapshot);
  if (!options.force && (await isPublished(database, sources, published))) {
    const rows = Object.fromEntries(published.map((entry) => [entry.table, entry.rows]));
    return { ...base, outcome: 'unchanged', batchId: published[0]?.ingestionId ?? '', rows };
  }
  const ingestionId = await newBatchId(database);
  const inserted = new Map<Source, InsertedRows>();
  const written = new Map<Source, number>();
  const tell = (source: Source, rows: number) => {
    written.set(source, rows);
    report(`${processingDate} ${source.table.name}`, sum([...written.values()]));
  };
  try {
    // One insert keeps one core busy. The longest begin first, so that no hand waits for another at the end.
    const longestFirst = [...sources].sort((one, other) => other.bytes - one.bytes);
    await inParallel(longestFirst, INSERTS_AT_ONCE, async (source) => {
      const plan = plans.get(source);
      if (plan === undefined) return;
      tell(source, 0);
      const result = await insertSource(database, source, {
        plan,
        rules: rowRules(source, plan, limits, snapshot),
        scope: [],
        within: {
          where: 'processing_date = {date:Date} AND window_days = {window:UInt16}',
          params: { date: processingDate, window: windowDays },
        },
        ingestionId,
        signal,
        onRows: (rows) => tell(source, rows),
      });
      inserted.set(source, result);
      tell(source, result.rows);
    });
    throwIfCancelled(signal, `publishing ${processingDate}`);
  } catch (error) {
    for (const [{ table }, { batchId }] of inserted) await removeBatch(database, [table.name], batchId);
    throw error;
  }
  // From here on the batch may be visible even if the call fails, so its rows stay.
  await publishBatch(database, 'ingestions', [
    {
      batch_id: ingestionId,
      processing_date: processingDate,
      window_days: windowDays,
      source: snapshot.label,
      ...recordOf(inserted),
    },
  ]);
  return {
    ...base,
    outcome: published.length > 0 ? 'replaced' : 'ingested',
    batchId: ingestionId,
    rows: byTable(inserted, ({ rows }) => rows),
  };
}

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

function byTable<T>(
  inserted: ReadonlyMap<Source, InsertedRows>,
  value: (rows: InsertedRows) => T,
): Record<string, T> {
  const entries = [...inserted].map(([source, rows]) => [source.table.name, value(rows)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function warningsOf(snapshot: Snapshot, plans: ReadonlyMap<Source, ColumnPlan>): string[] {
  const extra = [...plans].flatMap(([source, plan]) =>
    plan.extra.map((column) => `${source.table.name}.${column} is no column of the table and was left out`),
  );
  const empty = snapshot.sources
    .filter((source) => source.rows === 0)
    .map((source) => `${source.table.name} has no rows`);
  return [...extra, ...empty];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
