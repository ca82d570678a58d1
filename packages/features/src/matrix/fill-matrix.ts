import { type FeatureGroup, type FeatureRow, throwIfCancelled } from '@risk-scoring/contract';
import { type Database, inParallel, publishedBatches } from '@risk-scoring/storage';
import type { RecordBatch } from 'apache-arrow';
import type { Encodings } from '../catalogue.ts';
import { isOwn } from '../groups/own-groups.ts';
import { composeGroup } from '../relations/compose-query.ts';
import type { LabelScope, OtherNetwork, Scope } from '../relations/scope.ts';
import { assertSingleFeatures } from './assert-single-features.ts';
import { type ChunkRows, readChunkRows } from './chunk-rows.ts';
import { FeatureAlignmentError, SnapshotsReplacedError } from './errors.ts';
import { placeGroup } from './place-group.ts';

/** A snapshot to build features for. */
export interface FeatureSnapshot {
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** How many alerts (or clusters) it has, or how many are asked for. */
  readonly rows: number;
  /** Only these, in place of all. Their features are the same as among all. */
  readonly ids?: readonly string[];
}

/** How far a computation is: groups of snapshots. */
export interface FeatureProgress {
  readonly done: number;
  readonly total: number;
  /** The snapshot's date, or the first and last of several. */
  readonly snapshots: string;
}

/** Columns to fill, and what with. */
export interface FillOptions {
  readonly values: Float32Array;
  /** Rows of the whole matrix. */
  readonly rows: number;
  readonly per: Exclude<FeatureRow, 'address'>;
  /** In ascending order; their rows follow one another in the matrix. */
  readonly snapshots: readonly FeatureSnapshot[];
  readonly groups: readonly { readonly group: FeatureGroup; readonly firstColumn: number }[];
  readonly encodings: Encodings;
  readonly labels: LabelScope;
  readonly otherNetworks: readonly OtherNetwork[];
  /** Receives the ids and addresses of the rows, chunk by chunk in any order, and where the chunk begins in the matrix. */
  readonly onRows?: ((batch: RecordBatch, firstRow: number) => void) | undefined;
  readonly onProgress?: ((progress: FeatureProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Queries under way at once. Most keep one core busy, and this thread another one while it places the results. */
const QUERIES_AT_ONCE = 3;

/**
 * Snapshots of about this many rows are computed by one query of the groups that take several: planning a query of a hundred columns
 * takes as long as computing a thousand rows. Memory holds one query's result, however many snapshots there are.
 */
const ROWS_PER_QUERY = 50_000;

/**
 * Computes some groups for every row of some snapshots, one group a query and a few snapshots at a time; a group that does not say that
 * it takes several gets one. No query can see beyond the last snapshot that it computes.
 *
 * @throws {FeatureAlignmentError} when a group's rows are not those of the snapshots
 * @throws {SnapshotsReplacedError} when a snapshot was published meanwhile
 */
export async function fillMatrix(database: Database, options: FillOptions): Promise<void> {
  const { snapshots, groups, signal } = options;
  const last = snapshots.at(-1);
  if (last === undefined) return;
  const pin = { windowDays: last.windowDays, through: last.processingDate };
  const batches = await publishedBatches(database, pin);
  const total = snapshots.length * groups.length;
  const shared = {
    windowDays: last.windowDays,
    batches,
    labels: options.labels,
    otherNetworks: options.otherNetworks,
  };
  let done = 0;
  const compute = async (task: Task) => {
    const { group, firstColumn, part, firstRow } = task;
    const name = nameOf(part.dates);
    throwIfCancelled(signal, `computing the ${group.name} features of ${name}`);
    await placeGroup(database, {
      group,
      query: composeGroup(group, { ...shared, dates: part.dates }, options.encodings),
      snapshots: name,
      rows: await task.rows(),
      part,
      target: { values: options.values, rows: options.rows, firstRow, firstColumn },
      signal,
    });
    done += part.dates.length;
    options.onProgress?.({ done, total, snapshots: name });
  };
  try {
    await inParallel(tasksOf(database, options, shared), QUERIES_AT_ONCE, compute);
  } catch (error) {
    // Rows that stand twice are the usual reason for keys that do not line up, and the one that a user can mend.
    if (error instanceof FeatureAlignmentError) await assertSingleFeatures(database, options);
    throw error;
  }
  if ((await publishedBatches(database, pin)).mark !== batches.mark) {
    throw new SnapshotsReplacedError({ through: pin.through });
  }
}

/** A group's columns of one part of a chunk, to be computed. */
interface Task {
  readonly group: FeatureGroup;
  readonly firstColumn: number;
  readonly part: Part;
  /** Where the chunk begins in the matrix. */
  readonly firstRow: number;
  /** Reads the rows of the chunk, once. */
  readonly rows: () => Promise<ChunkRows>;
}

/** All tasks, chunk after chunk. */
function tasksOf(database: Database, options: FillOptions, shared: Omit<Scope, 'dates'>): Task[] {
  let next = 0;
  return chunkSnapshots(options.snapshots).flatMap((chunk) => {
    const firstRow = next;
    next += chunk.reduce((sum, snapshot) => sum + snapshot.rows, 0);
    let reading: Promise<ChunkRows> | undefined;
    const rows = () => {
      reading ??= readRows(database, { ...shared, dates: datesOf(chunk) }, { ...options, chunk, firstRow });
      return reading;
    };
    const whole: Part = { dates: datesOf(chunk), start: 0, end: next - firstRow };
    return options.groups.flatMap(({ group, firstColumn }) =>
      (group.severalSnapshots && isOwn(group) ? [whole] : oneByOne(chunk)).map((part) => ({
        group,
        firstColumn,
        part,
        firstRow,
        rows,
      })),
    );
  });
}

type Dates = Scope['dates'];

/** Some snapshots of a chunk, and which of its rows they are. */
interface Part {
  readonly dates: Dates;
  readonly start: number;
  readonly end: number;
}

function readRows(
  database: Database,
  scope: Scope,
  {
    per,
    chunk,
    firstRow,
    onRows,
    signal,
  }: FillOptions & { readonly chunk: readonly FeatureSnapshot[]; readonly firstRow: number },
): Promise<ChunkRows> {
  throwIfCancelled(signal, `reading the ${per}s of ${nameOf(scope.dates)}`);
  const some = chunk.some((snapshot) => snapshot.ids !== undefined);
  return readChunkRows(database, scope, {
    per,
    name: nameOf(scope.dates),
    expected: chunk.reduce((sum, snapshot) => sum + snapshot.rows, 0),
    ids: some ? chunk.flatMap((snapshot) => snapshot.ids ?? []) : undefined,
    onBatch: onRows === undefined ? undefined : (batch) => onRows(batch, firstRow),
    signal,
  });
}

/** Snapshots that one query may compute. One of which only some rows are asked for is computed alone. */
function chunkSnapshots(snapshots: readonly FeatureSnapshot[]): FeatureSnapshot[][] {
  const chunks: FeatureSnapshot[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const snapshot of snapshots) {
    if (rows + snapshot.rows > ROWS_PER_QUERY || snapshot.ids !== undefined) {
      chunks.push([]);
      rows = 0;
    }
    chunks.at(-1)?.push(snapshot);
    rows += snapshot.ids === undefined ? snapshot.rows : Number.POSITIVE_INFINITY;
  }
  return chunks;
}

function oneByOne(chunk: readonly FeatureSnapshot[]): Part[] {
  let end = 0;
  return chunk.map(({ processingDate, rows }) => {
    const start = end;
    end += rows;
    return { dates: [processingDate], start, end };
  });
}

function datesOf([first, ...rest]: readonly FeatureSnapshot[]): Dates {
  return [first?.processingDate ?? '', ...rest.map((snapshot) => snapshot.processingDate)];
}

function nameOf(dates: Dates): string {
  return dates.length > 1 ? `${dates[0]} to ${dates.at(-1)}` : dates[0];
}
