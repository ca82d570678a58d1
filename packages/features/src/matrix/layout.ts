import { type FeatureGroup, InvalidInputError } from '@risk-scoring/contract';
import type { RecordBatch } from 'apache-arrow';
import type { FeatureSnapshot } from './chunks.ts';

/** A group, and the place of its first column in the matrix. */
export interface PlacedGroup {
  readonly group: FeatureGroup;
  readonly firstColumn: number;
}

/** The groups, each with the place of its first column. */
export function placeGroups(groups: readonly FeatureGroup[]): PlacedGroup[] {
  let firstColumn = 0;
  return groups.map((group) => {
    const at = firstColumn;
    firstColumn += group.columns.length;
    return { group, firstColumn: at };
  });
}

/** Names of rows, as they came chunk by chunk: where the chunk begins in the matrix, and the rows. */
export interface NamedRows {
  readonly firstRow: number;
  readonly batch: RecordBatch;
}

/** The batches in the order of the matrix. Those of the same chunk came in order. */
export function inOrder(names: readonly NamedRows[]): RecordBatch[] {
  return [...names].sort((a, b) => a.firstRow - b.firstRow).map(({ batch }) => batch);
}

/** Numbers for all rows and columns, on memory that worker threads can read in place. */
export function allocate(rows: number, columns: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(rows * columns * Float32Array.BYTES_PER_ELEMENT));
}

/**
 * Checks that snapshots are of one window and in ascending order.
 *
 * @returns the window and the last date
 * @throws {InvalidInputError} for others
 * @throws {RangeError} for none
 */
export function assertAscending(snapshots: readonly FeatureSnapshot[]): {
  windowDays: number;
  through: string;
} {
  const last = snapshots.at(-1);
  if (last === undefined) throw new RangeError('a feature matrix needs at least one snapshot');
  snapshots.forEach((snapshot, index) => {
    const before = snapshots[index - 1];
    if (before === undefined) return;
    if (before.processingDate < snapshot.processingDate && before.windowDays === snapshot.windowDays) return;
    throw new InvalidInputError({
      what: 'The list of snapshots',
      expected: 'snapshots of one window with ascending dates',
      found: `${snapshot.processingDate} (window ${snapshot.windowDays}) after ${before.processingDate} (window ${before.windowDays})`,
    });
  });
  return { windowDays: last.windowDays, through: last.processingDate };
}
