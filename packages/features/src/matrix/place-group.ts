import type { FeatureGroup } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import type { RecordBatch } from 'apache-arrow';
import type { ComposedQuery } from '../relations/compose-query.ts';
import { floatsOf, halvesOf } from './arrow-columns.ts';
import type { ChunkRows } from './chunk-rows.ts';
import { FeatureAlignmentError, FeatureSqlError } from './errors.ts';

/** Where the columns of a group belong. */
export interface Target {
  /** The whole matrix, column-major. */
  readonly values: Float32Array;
  /** Rows of the whole matrix. */
  readonly rows: number;
  readonly firstRow: number;
  readonly firstColumn: number;
}

/** A group's columns of some rows, about to be computed. */
export interface GroupTask {
  readonly group: FeatureGroup;
  readonly query: ComposedQuery;
  /** The snapshots' dates, for messages. */
  readonly snapshots: string;
  readonly rows: ChunkRows;
  /** Which of the rows the query is about: from `start` to before `end`. */
  readonly part: { readonly start: number; readonly end: number };
  readonly target: Target;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An unmatched row of a LEFT JOIN is unknown, not 0. And blocks are of many rows: by default the engine reads as many as make a
 * megabyte, which of ninety columns is a thousand, and then half of the time goes into handling blocks.
 */
const QUERY_SETTINGS = { join_use_nulls: 1, preferred_block_size_bytes: '0' } as const;

/** Which row of a batch goes where: the row in the batch, and that of the chunk. */
interface Moves {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/**
 * Runs a group's query and puts its values where they belong. Rows come in any order: placing each by the hash of its key costs
 * less than sorting ninety columns in the engine. What is not finite becomes NaN.
 *
 * @throws {FeatureAlignmentError} when the group's keys are not exactly those of the snapshot, or stand twice
 */
export async function placeGroup(database: Database, task: GroupTask): Promise<void> {
  const { group, query, snapshots, part } = task;
  const place = group.per === 'address' ? byAddress(task) : byId(task);
  const batches = database.arrowBatches({
    ...query,
    beside: true,
    settings: QUERY_SETTINGS,
    doing: `computing the ${group.name} features of ${snapshots}`,
    ...(task.signal ? { signal: task.signal } : {}),
  });
  try {
    for await (const batch of batches) copyColumns(batch, place.moves(batch), task);
  } catch (error) {
    if (!FeatureSqlError.isAboutValues(error)) throw error;
    throw new FeatureSqlError({
      group: group.name,
      snapshots,
      found: error.found ?? error.message,
      cause: error,
    });
  }
  const missing = place.finish();
  if (missing > 0) {
    throw misaligned(task, {
      expected: `one row for each of its ${part.end - part.start} ${group.per}s`,
      found: `none for ${missing} of them`,
    });
  }
}

interface Placement {
  moves(batch: RecordBatch): Moves;
  /** Called after the last batch. Rows that got no values, where all must. */
  finish(): number;
}

/** Each row of the group is one row of the snapshot. */
function byId(task: GroupTask): Placement {
  const { byId: index, partial } = task.rows;
  const { start, end } = task.part;
  const seen = new Uint8Array(end - start);
  return {
    moves(batch) {
      const keys = halvesOf(batch, 'row_key');
      const from = new Int32Array(batch.numRows);
      const to = new Int32Array(batch.numRows);
      let moves = 0;
      for (let row = 0; row < batch.numRows; row++) {
        const place = index.find(keys[2 * row] ?? 0, keys[2 * row + 1] ?? 0);
        if (place < 0 && partial) continue;
        if (place < start || place >= end || seen[place - start] === 1) {
          throw misaligned(task, {
            expected: `one row for each of its ${end - start} ${task.group.per}s`,
            found:
              seen[place - start] === undefined
                ? 'a row whose date or id is none of theirs'
                : 'two rows with one id',
          });
        }
        seen[place - start] = 1;
        from[moves] = row;
        to[moves++] = place;
      }
      return { from: from.subarray(0, moves), to: to.subarray(0, moves) };
    },
    finish: () => seen.reduce((sum, flag) => sum + (flag === 1 ? 0 : 1), 0),
  };
}

/** Each row of the group is for all alerts of an address; those of other addresses are left out. */
function byAddress(task: GroupTask): Placement {
  const { byAddress: index, addressOf } = task.rows;
  const { start, end } = task.part;
  const done = new Uint8Array(index.size);
  const rowOf = new Int32Array(index.size);
  return {
    moves(batch) {
      const keys = halvesOf(batch, 'row_key');
      rowOf.fill(-1);
      for (let row = 0; row < batch.numRows; row++) {
        const address = index.find(keys[2 * row] ?? 0, keys[2 * row + 1] ?? 0);
        if (address < 0) continue;
        if (done[address] === 1) {
          throw misaligned(task, {
            expected: 'one row for an address and date at most',
            found: 'two rows for one',
          });
        }
        done[address] = 1;
        rowOf[address] = row;
      }
      const from = new Int32Array(end - start);
      const to = new Int32Array(end - start);
      let moves = 0;
      for (let alert = start; alert < end; alert++) {
        const row = rowOf[addressOf[alert] ?? 0] ?? -1;
        if (row < 0) continue;
        from[moves] = row;
        to[moves++] = alert;
      }
      return { from: from.subarray(0, moves), to: to.subarray(0, moves) };
    },
    finish() {
      fillAbsent(task, done);
      return 0;
    },
  };
}

/** Gives the alerts whose address has no row what the columns say of them. */
function fillAbsent({ group, rows, part, target }: GroupTask, done: Uint8Array): void {
  const absent: number[] = [];
  for (let alert = part.start; alert < part.end; alert++) {
    if (done[rows.addressOf[alert] ?? 0] !== 1) absent.push(alert);
  }
  group.columns.forEach((column, index) => {
    const start = (target.firstColumn + index) * target.rows + target.firstRow;
    for (const alert of absent) target.values[start + alert] = column.absent ?? Number.NaN;
  });
}

function copyColumns(batch: RecordBatch, moves: Moves, { group, target }: GroupTask): void {
  group.columns.forEach((_, index) => {
    const start = (target.firstColumn + index) * target.rows + target.firstRow;
    const column = target.values.subarray(start, start + target.rows);
    // The first column of the result is the key.
    copyColumn(floatsOf(batch, index + 1), column, moves);
  });
}

function copyColumn(source: Float32Array, column: Float32Array, { from, to }: Moves): void {
  for (let move = 0; move < from.length; move++) {
    const value = source[from[move] as number] as number;
    // Of infinities and NaN the difference to itself is NaN.
    column[to[move] as number] = value - value === 0 ? value : Number.NaN;
  }
}

function misaligned(task: GroupTask, parts: { expected: string; found: string }): FeatureAlignmentError {
  return new FeatureAlignmentError({ group: task.group.name, snapshots: task.snapshots, ...parts });
}
