import { InvalidInputError } from '@risk-scoring/contract';
import { InvalidScoredRowsError } from '../errors.ts';
import { checkScoredRows, type Scores } from '../scored-rows.ts';

/** Rows by score, class by class. */
export interface ScoreHistogram {
  /** Of all bins, first and last included: one more than there are bins. */
  readonly edges: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
}

/** What {@link scoreHistogram} counts. */
export interface HistogramRequest {
  /** 0 or 1 per row. */
  readonly labels: Int8Array;
  readonly scores: Scores;
  /** At least two, strictly ascending; no score lies outside them. */
  readonly edges: readonly number[];
}

/**
 * How many rows of each class score in which bin. A bin holds its lower edge and not its upper one; the last one holds both.
 *
 * @throws {InvalidScoredRowsError} on a score outside the edges, no rows, another label or arrays of unequal length
 * @throws {InvalidInputError} on edges that do not ascend
 * @example
 * scoreHistogram({ labels: Int8Array.of(0, 1, 1), scores: Float64Array.of(0.1, 0.5, 1), edges: [0, 0.5, 1] });
 * // { edges: [0, 0.5, 1], positives: [0, 2], negatives: [1, 0] }
 */
export function scoreHistogram({ labels, scores, edges }: HistogramRequest): ScoreHistogram {
  checkEdges(edges);
  checkScoredRows(labels, scores);
  const bounds = Float64Array.from(edges);
  const bins = bounds.length - 1;
  const positives = new Array<number>(bins).fill(0);
  const negatives = new Array<number>(bins).fill(0);
  for (let row = 0; row < labels.length; row++) {
    const score = scores[row];
    if (score < bounds[0] || score > bounds[bins]) throw outside(row, score, edges);
    const bin = binAmong(bounds, score);
    if (labels[row] === 1) positives[bin]++;
    else negatives[bin]++;
  }
  return { edges: [...edges], positives, negatives };
}

/** The last bin whose lower edge is at most the value. */
function binAmong(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (bounds[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function checkEdges(edges: readonly number[]): void {
  const ascending = edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]));
  if (edges.length >= 2 && ascending) return;
  throw new InvalidInputError({
    what: 'The edges of a histogram',
    expected: 'at least two numbers, each greater than the one before',
    found: edges.join(', '),
  });
}

function outside(row: number, score: number, edges: readonly number[]): InvalidScoredRowsError {
  return new InvalidScoredRowsError({
    summary: `The score of row ${row} is in no bin.`,
    expected: `a score from ${edges[0]} to ${edges.at(-1)}`,
    found: String(score),
  });
}
