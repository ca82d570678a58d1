import { availableParallelism } from 'node:os';
import type { FeatureMatrix } from '../feature-matrix.ts';
import { type SharedRows, shareRows } from './matrix-rows.ts';

/** Some of the rows that are to be scored: `selected[start … end - 1]`, or those rows of the matrix where nothing is selected. */
export interface RowsPart extends Omit<SharedRows, 'values'> {
  /** Column-major; on a SharedArrayBuffer where another thread scores. */
  readonly values: Float32Array;
  readonly start: number;
  readonly end: number;
}

/** How rows are scored, and what is worth a thread. */
export interface PartScorer {
  /** Rows of the matrix, in the order of the result; all when undefined. */
  readonly rows: Int32Array | undefined;
  /** What scoring a row costs, in any unit: ways down a tree, multiplications. */
  readonly costPerRow: number;
  /** Up to so much is done in the calling thread, in a few milliseconds: sooner than a thread starts. */
  readonly inline: number;
  /** What is worth a thread of its own. */
  readonly perThread: number;
  readonly here: (part: RowsPart) => Float64Array;
  readonly inThread: (part: RowsPart) => Promise<Float64Array>;
}

/**
 * Scores rows in the calling thread where they are few, else in threads that share the matrix. A row's score must not depend on its part.
 *
 * @returns one score per row
 * @example
 * scoreInParts(data, { rows, costPerRow: trees, inline: 1e5, perThread: 2e6, here: (part) => walk(forest, part), inThread: (part) => score({ forest, ...part }) });
 */
export async function scoreInParts(data: FeatureMatrix, scorer: PartScorer): Promise<Float64Array> {
  const { rows, costPerRow, inline, perThread, here, inThread } = scorer;
  const count = rows?.length ?? data.rows;
  const cost = count * costPerRow;
  if (cost <= inline) {
    const { values, columns } = data;
    return here({ values, rows: data.rows, columns: columns.length, selected: rows, start: 0, end: count });
  }
  const shared = shareRows(data, rows);
  const threads = Math.min(availableParallelism(), Math.ceil(cost / perThread));
  const parts = Array.from({ length: threads }, (_, i) => {
    const [start, end] = [Math.floor((i * count) / threads), Math.floor(((i + 1) * count) / threads)];
    return inThread({ ...shared, start, end });
  });
  const scores = await Promise.all(parts);
  const all = new Float64Array(count);
  let at = 0;
  for (const part of scores) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
