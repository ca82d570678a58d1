import { throwIfCancelled } from '@risk-scoring/contract';
import { newBatchId, publishBatch } from '../batches.ts';
import type { Database } from '../database.ts';
import { removeRows } from './batch-rows.ts';
import type { ColumnPlan } from './column-check.ts';
import { inParallel } from './in-parallel.ts';
import { type InsertedRows, insertSource } from './insert-source.ts';
import type { IngestLimits } from './limits.ts';
import { isPublished, publishedTables } from './published.ts';
import { byTable, recordOf } from './record.ts';
import { rowRules } from './row-checks.ts';
import type { Snapshot } from './snapshot.ts';
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

/** Tables of a snapshot that are inserted at the same time. */
const INSERTS_AT_ONCE = 2;

/** What {@link ingestSnapshot} needs besides the snapshot. */
export interface IngestSnapshotOptions {
  readonly force?: boolean;
  readonly limits: IngestLimits;
  readonly signal?: AbortSignal;
  /** How each of its sources is read. */
  readonly plans: ReadonlyMap<Source, ColumnPlan>;
  /** Told what is at hand, and how many of the snapshot's rows are in. */
  readonly report: (name: string, rows: number) => void;
}

/**
 * Inserts the tables of a snapshot and publishes them all at once, unless the same files are published already.
 *
 * @throws {SnapshotError | FileError} when a file is not what the snapshot says; nobody has seen its rows
 * @throws {CancelledError} when the signal aborts; nothing is published
 */
export async function ingestSnapshot(
  database: Database,
  snapshot: Snapshot,
  options: IngestSnapshotOptions,
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
    report(
      `${processingDate} ${source.table.name}`,
      [...written.values()].reduce((total, each) => total + each, 0),
    );
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
    for (const [{ table }, { batchId }] of inserted) await removeRows(database, table.name, batchId);
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

function warningsOf(snapshot: Snapshot, plans: ReadonlyMap<Source, ColumnPlan>): string[] {
  const extra = [...plans].flatMap(([source, plan]) =>
    plan.extra.map((column) => `${source.table.name}.${column} is no column of the table and was left out`),
  );
  const empty = snapshot.sources
    .filter((source) => source.rows === 0)
    .map((source) => `${source.table.name} has no rows`);
  return [...extra, ...empty];
}
