import { LightGBMDataError } from '../errors.ts';
import type { TrainingInput } from './protocol.ts';

/** Rows as LightGBM learns them: a row of the matrix may stand twice, next to itself, with two labels. */
export interface TaughtRows {
  /** Rows of the matrix, in the order that they were given in. */
  readonly rows: Int32Array;
  /** One per entry of `rows`, as is `weights`. */
  readonly labels: Float32Array;
  /** Undefined where every row counts the same. */
  readonly weights: Float32Array | undefined;
}

type Lesson = Pick<TrainingInput, 'labels' | 'weights' | 'counterWeights'>;

/**
 * The rows with their labels and weights. A row with a counter-weight stands there once with its label and weight and once
 * as the opposite class with the counter-weight; where its weight is 0, as the opposite class alone. That is how Elkan & Noto
 * (2008, "Learning classifiers from only positive and unlabeled data", KDD, "Weighting unlabeled examples") weigh unlabelled examples. Without
 * counter-weights every row stands there once.
 *
 * @param rows rows of the matrix, each once; they index the lists of `lesson`
 * @throws {LightGBMDataError} where a row with a counter-weight is labelled neither 1 nor 0, or a counter-weight is no weight
 * @example
 * const lesson = { labels: Int8Array.of(0, 1), weights: Float32Array.of(0.7, 1), counterWeights: Float32Array.of(0.3, 0) };
 * taughtRows('The rows', Int32Array.of(0, 1), lesson); // rows [0, 0, 1], labels [0, 1, 1], weights [0.7, 0.3, 1]
 */
export function taughtRows(what: string, rows: Int32Array, lesson: Lesson): TaughtRows {
  const { labels, weights, counterWeights } = lesson;
  if (counterWeights === undefined) {
    const all = Float32Array.from(rows, (row) => labels[row] as number);
    return {
      rows,
      labels: all,
      weights: weights && Float32Array.from(rows, (row) => weights[row] as number),
    };
  }
  const length = rows.reduce((sum, row) => sum + lessonsOf(row), 0);
  const taught = {
    rows: new Int32Array(length),
    labels: new Float32Array(length),
    weights: new Float32Array(length),
  };
  let at = 0;
  const teach = (row: number, label: number, weight: number) => {
    taught.rows[at] = row;
    taught.labels[at] = label;
    taught.weights[at] = weight;
    at += 1;
  };
  for (const row of rows) {
    const label = labels[row] as number;
    const counterWeight = counterWeightOf(row);
    if (counterWeight > 0 && label !== 0 && label !== 1)
      throw unusable(what, 'a label of 1 or 0 where there is a counter-weight', `${label} in row ${row}`);
    if (counterWeight === 0 || weightOf(row) !== 0) teach(row, label, weightOf(row));
    if (counterWeight > 0) teach(row, 1 - label, counterWeight);
  }
  return taught;

  function weightOf(row: number): number {
    return weights === undefined ? 1 : (weights[row] as number);
  }

  function counterWeightOf(row: number): number {
    const value = counterWeights?.[row] as number;
    if (value >= 0 && value < Number.POSITIVE_INFINITY) return value;
    throw unusable(what, 'finite counter-weights ≥ 0', `${value} in row ${row}`);
  }

  function lessonsOf(row: number): number {
    return counterWeightOf(row) > 0 && weightOf(row) !== 0 ? 2 : 1;
  }
}

function unusable(what: string, expected: string, found: string): LightGBMDataError {
  return new LightGBMDataError({ what, expected, found });
}
