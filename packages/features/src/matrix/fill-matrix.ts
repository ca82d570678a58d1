import { type FeatureGroup, type FeatureRow, throwIfCancelled } from '@risk-scoring/contract';
import { type Database, inParallel, type PublishedBatches, publishedBatches } from '@risk-scoring/storage';
import type { RecordBatch } from 'apache-arrow';
import type { Encodings } from '../catalogue.ts';
import { isOwn } from '../groups/own-groups.ts';
import type { Alteration } from '../relations/alterations.ts';
import { composeGroup } from '../relations/compose-query.ts';
import type { LabelScope, OtherNetwork, Scope, SnapshotPart } from '../relations/scope.ts';
import { assertSingleFeatures } from './assert-single-features.ts';
import { type ChunkRows, readChunkRows } from './chunk-rows.ts';
import { chunkSnapshots, datesOf, type FeatureSnapshot, nameOf, oneByOne, type Part } from './chunks.ts';
import { FeatureAlignmentError, SnapshotsReplacedError } from './errors.ts';
import { assertAscending } from './layout.ts';
import { placeGroup } from './place-group.ts';

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
  /** What is shown otherwise than it is. */
  readonly alteration?: Alteration | undefined;
  /** Receives the ids and addresses of the rows, chunk by chunk in any order, and where the chunk begins in the matrix. */
  readonly onRows?: ((batch: RecordBatch, firstRow: number) => void) | undefined;
  readonly onProgress?: ((progress: FeatureProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Queries under way at once. Most keep one core busy, and this thread another one while it places the results. */
const QUERIES_AT_ONCE = 3;

/**
 * Computes some groups for every row of some snapshots, one group a query and a few snapshots at a time; a group that does not say that
 * it takes several gets one. No query can see beyond the last snapshot that it computes.
 *
 * @returns the batches that were read, which are still the published ones
 * @throws {FeatureAlignmentError} when a group's rows are not those of the snapshots
 * @throws {SnapshotsReplacedError} when a snapshot was published meanwhile
 */
export async function fillMatrix(database: Database, options: FillOptions): Promise<PublishedBatches> {
  const { snapshots, groups, signal } = options;
  const pin = assertAscending(snapshots);
  const batches = await publishedBatches(database, pin);
  const total = snapshots.length * groups.length;
  const shared = {
    windowDays: pin.windowDays,
    batches,
    labels: options.labels,
    otherNetworks: options.otherNetworks,
    alteration: options.alteration,
  };
  let done = 0;
  const compute = async (task: Task) => {
    const { group, firstColumn, part, firstRow } = task;
    const name = nameOf(part.dates);
    throwIfCancelled(signal, `computing the ${group.name} features of ${name}`);
    await placeGroup(database, {
      group,
      query: composeGroup(
        group,
        { ...shared, dates: part.dates, part: task.snapshotPart },
        options.encodings,
      ),
      snapshots: name,
      rows: await task.rows(),
      part,
      target: { values: options.values, rows: options.rows, firstRow, firstColumn },
      signal,
    });
    task.finish();
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
  return batches;
}

/** A group's columns of one part of a chunk, to be computed. */
interface Task {
  readonly group: FeatureGroup;
  readonly firstColumn: number;
  readonly part: Part;
  /** The part of its snapshot that is asked for, where it is not whole. */
  readonly snapshotPart: SnapshotPart | undefined;
  /** Where the chunk begins in the matrix. */
  readonly firstRow: number;
  /** Reads the rows of the chunk, once. */
  readonly rows: () => Promise<ChunkRows>;
  /** Says that the task is over; the last one of a chunk lets go of its rows. */
  readonly finish: () => void;
}

/** All tasks, chunk after chunk. */
function tasksOf(database: Database, options: FillOptions, shared: Omit<Scope, 'dates'>): Task[] {
  let next = 0;
  return chunkSnapshots(options.snapshots).flatMap((chunk) => {
    const firstRow = next;
    next += chunk.reduce((sum, snapshot) => sum + snapshot.rows, 0);
    // Such a snapshot is a chunk by itself.
    const snapshotPart = chunk[0]?.part;
    let reading: Promise<ChunkRows> | undefined;
    const rows = () => {
      reading ??= readRows(
        database,
        { ...shared, dates: datesOf(chunk), part: snapshotPart },
        { ...options, chunk, firstRow },
      );
      return reading;
    };
    let left = 0;
    const finish = () => {
      left -= 1;
      if (left === 0) reading = undefined;
    };
    const whole: Part = { dates: datesOf(chunk), start: 0, end: next - firstRow };
    const tasks = options.groups.flatMap(({ group, firstColumn }) =>
      (group.severalSnapshots && isOwn(group) ? [whole] : oneByOne(chunk)).map((part) => ({
        group,
        firstColumn,
        part,
        snapshotPart,
        firstRow,
        rows,
        finish,
      })),
    );
    left = tasks.length;
    return tasks;
  });
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
