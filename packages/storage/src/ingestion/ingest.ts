import { throwIfCancelled } from '@risk-scoring/contract';
import type { Database } from '../database.ts';
import type { RawTableName } from '../tables.ts';
import { type ColumnPlan, planColumns, type TableColumn, tableColumns } from './column-check.ts';
import { findSnapshots } from './find-snapshots.ts';
import { ingestSnapshot, type SnapshotOutcome } from './ingest-snapshot.ts';
import { DEFAULT_LIMITS, type IngestLimits } from './limits.ts';
import { checkDistinct, checkPromises, type Snapshot } from './snapshot.ts';
import type { Source } from './source.ts';

export type { SnapshotOutcome } from './ingest-snapshot.ts';

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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
