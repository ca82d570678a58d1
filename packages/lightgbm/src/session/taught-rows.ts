import { teachBothClasses } from '@risk-scoring/contract';
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
 * The rows with their labels and weights. One with a counter-weight stands there with both classes: see `teachBothClasses`. Without counter-weights every
 * row stands there once.
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
  for (const row of rows) {
    const label = labels[row] as number;
    const counterWeight = counterWeights[row] as number;
    if (!(counterWeight >= 0 && counterWeight < Number.POSITIVE_INFINITY))
      throw unusable(what, 'finite counter-weights ≥ 0', `${counterWeight} in row ${row}`);
    if (counterWeight > 0 && label !== 0 && label !== 1)
      throw unusable(what, 'a label of 1 or 0 where there is a counter-weight', `${label} in row ${row}`);
  }
  return teachBothClasses(rows, { labels, weights, counterWeights });
}

function unusable(what: string, expected: string, found: string): LightGBMDataError {
  return new LightGBMDataError({ what, expected, found });
}
