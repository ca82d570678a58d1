import { SingleClassError } from '@risk-scoring/contract';
import { InvalidScoredRowsError } from './errors.ts';

/** One score per row, higher meaning more suspicious. */
export type Scores = Float64Array | Float32Array;

/** One weight per row, finite and not negative. */
export type Weights = Float64Array | Float32Array;

/** The total weight of each class; the number of rows of each class where there are no weights. */
export interface ClassWeights {
  readonly positive: number;
  readonly negative: number;
}

/**
 * Checks that every row has a label of 0 or 1, a score that is a number and a usable weight.
 *
 * @returns the total weight of each class
 * @throws {InvalidScoredRowsError} naming the first row at fault
 */
export function checkScoredRows(labels: Int8Array, scores: Scores, weights?: Weights): ClassWeights {
  checkLengths(labels, scores, weights);
  let positive = 0;
  let negative = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    const score = scores[row];
    const weight = weights === undefined ? 1 : weights[row];
    if (label !== 0 && label !== 1) throw badRow('label', row, label);
    if (!Number.isFinite(score)) throw badRow('score', row, score);
    if (!(weight >= 0 && weight < Infinity)) throw badRow('weight', row, weight);
    if (label === 1) positive += weight;
    else negative += weight;
  }
  return { positive, negative };
}

/**
 * As {@link checkScoredRows}, for metrics that compare the classes with one another.
 *
 * @throws {SingleClassError} when a class has no row, or no weight
 */
export function checkBothClasses(labels: Int8Array, scores: Scores, weights?: Weights): ClassWeights {
  const totals = checkScoredRows(labels, scores, weights);
  if (hasBothClasses(totals)) return totals;
  throw new SingleClassError({
    where: weights === undefined ? 'the scored rows' : 'the scored rows that carry weight',
    positives: countRows(1, labels, weights),
    negatives: countRows(0, labels, weights),
    remedy: 'judge on rows of both classes: widen the period, add labels or take a larger test part',
  });
}

/** Whether both classes carry weight, so that they can be compared. */
export function hasBothClasses({ positive, negative }: ClassWeights): boolean {
  return positive > 0 && negative > 0;
}

/**
 * As {@link checkScoredRows}, for metrics that read a score as a probability.
 *
 * @throws {InvalidScoredRowsError} when a score lies outside 0..1
 */
export function checkProbabilities(labels: Int8Array, scores: Scores, weights?: Weights): ClassWeights {
  const totals = checkScoredRows(labels, scores, weights);
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row];
    if (score < 0 || score > 1) throw badRow('probability', row, score);
  }
  if (totals.positive + totals.negative > 0) return totals;
  throw new InvalidScoredRowsError({
    summary: 'The scored rows carry no weight.',
    expected: 'a total weight above 0',
    found: `${labels.length} rows of weight 0`,
  });
}

function checkLengths(labels: Int8Array, scores: Scores, weights?: Weights): void {
  if (labels.length === 0) {
    throw new InvalidScoredRowsError({
      summary: 'There is nothing to judge.',
      expected: 'at least one labelled row with a score',
      found: 'no rows',
    });
  }
  if (scores.length !== labels.length || (weights !== undefined && weights.length !== labels.length)) {
    throw new InvalidScoredRowsError({
      summary: 'Labels, scores and weights are not aligned.',
      expected: 'one score and one weight per label',
      found: `${labels.length} labels, ${scores.length} scores, ${weights?.length ?? 'no'} weights`,
    });
  }
}

const allowed = {
  label: '0 or 1',
  score: 'a finite number',
  weight: 'a finite number of at least 0',
  probability: 'a number from 0 to 1',
};

function badRow(kind: keyof typeof allowed, row: number, found: unknown): InvalidScoredRowsError {
  return new InvalidScoredRowsError({
    summary: `The ${kind} of row ${row} cannot be used.`,
    expected: allowed[kind],
    found: String(found),
  });
}

/** How many rows of a class carry weight. */
function countRows(label: number, labels: Int8Array, weights?: Weights): number {
  let rows = 0;
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] === label && (weights === undefined || weights[row] > 0)) rows++;
  }
  return rows;
}
