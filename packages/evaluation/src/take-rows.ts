import { InvalidScoredRowsError } from './errors.ts';
import type { Scores, Weights } from './scored-rows.ts';

/** Arrays over a whole data set, the scored rows among them, and their scores. */
export interface RowsToTake {
  readonly labels: Int8Array;
  readonly scores: Scores;
  readonly rows?: Int32Array | undefined;
  readonly weights?: Weights | undefined;
  readonly splitGroups: Int32Array;
}

/** What is judged, one entry per scored row. */
export interface TakenRows {
  readonly labels: Int8Array;
  readonly scores: Scores;
  readonly weights: Weights | undefined;
  readonly splitGroups: Int32Array;
}

/**
 * The entries of the scored rows, out of arrays over the whole data set.
 *
 * @throws {InvalidScoredRowsError} when the arrays are not aligned or a row is not in the data set
 */
export function takeRows({ labels, scores, rows, weights, splitGroups }: RowsToTake): TakenRows {
  checkAligned('split groups', splitGroups.length, labels.length);
  if (weights !== undefined) checkAligned('weights', weights.length, labels.length);
  checkAligned('scores', scores.length, (rows ?? labels).length);
  if (rows === undefined) return { labels, scores, weights, splitGroups };
  for (const row of rows) checkRow(row, labels.length);
  return {
    labels: Int8Array.from(rows, (row) => labels[row]),
    scores,
    weights: weights && Float64Array.from(rows, (row) => weights[row]),
    splitGroups: rows.map((row) => splitGroups[row]),
  };
}

function checkAligned(what: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new InvalidScoredRowsError({
    summary: `There are too ${found < expected ? 'few' : 'many'} ${what}.`,
    expected: `${expected}, one per ${what === 'scores' ? 'scored row' : 'label'}`,
    found: String(found),
  });
}

function checkRow(row: number, rows: number): void {
  if (row >= 0 && row < rows) return;
  throw new InvalidScoredRowsError({
    summary: 'A scored row is not in the data set.',
    expected: `rows from 0 to ${rows - 1}`,
    found: String(row),
  });
}
