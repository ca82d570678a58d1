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
  for (let i = 0; i < rows.length; i++) checkRow(rows[i], labels.length);
  return {
    labels: pickLabels(labels, rows),
    scores,
    weights: weights && pickNumbers(weights, rows),
    splitGroups: pickCodes(splitGroups, rows),
  };
}

/**
 * The entries of the scored rows, out of one more array over the same data set as {@link takeRows} was given.
 *
 * @param what its name in the plural, for the error
 * @throws {InvalidScoredRowsError} when it has not one entry per row of the data set
 */
export function takeCodes(
  what: string,
  codes: Int32Array,
  { rows, labels }: Pick<RowsToTake, 'rows' | 'labels'>,
): Int32Array {
  checkAligned(what, codes.length, labels.length);
  return rows === undefined ? codes : pickCodes(codes, rows);
}

// Three functions rather than one for any array: each sees arrays of one kind, and so runs several times faster.

/** The labels of chosen rows. */
export function pickLabels(labels: Int8Array, rows: Int32Array): Int8Array {
  const picked = new Int8Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = labels[rows[i]];
  return picked;
}

/** The codes of chosen rows. */
export function pickCodes(codes: Int32Array, rows: Int32Array): Int32Array {
  const picked = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = codes[rows[i]];
  return picked;
}

/** The scores, weights or gains of chosen rows. */
export function pickNumbers(numbers: Float64Array | Float32Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = numbers[rows[i]];
  return picked;
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
