import { InvalidInputError } from '@risk-scoring/contract';

/** What cross-validation says, as plain JSON. */
export interface FoldSummary {
  /** The mean of the folds that could be judged; null where none could. */
  readonly mean: number | null;
  /** Their population standard deviation; null where there is no mean. */
  readonly std: number | null;
  /** As they were given, one per fold; null for a fold that could not be judged. */
  readonly scores: readonly (number | null)[];
}

/**
 * Mean and standard deviation of one metric over the folds of a cross-validation.
 *
 * The deviation is that of the population (divided by n, as numpy's `std` does by default): it says how far these folds lie
 * apart. It is no standard error of the mean, because folds share their training rows.
 *
 * @param scores one per fold; null for a fold that could not be judged (of one class), which is left out
 * @throws {InvalidInputError} on a score that is neither null nor finite
 * @example
 * summariseFolds([0.8, null, 0.9]); // { mean: 0.85, std: 0.05, scores: [0.8, null, 0.9] }
 */
export function summariseFolds(scores: readonly (number | null)[]): FoldSummary {
  const judged = scores.filter((score) => score !== null);
  for (const score of judged) {
    if (!Number.isFinite(score)) {
      throw new InvalidInputError({
        what: 'The score of a fold',
        expected: 'a finite number or null',
        found: score,
      });
    }
  }
  if (judged.length === 0) return { mean: null, std: null, scores: [...scores] };
  const mean = judged.reduce((sum, score) => sum + score, 0) / judged.length;
  const variance = judged.reduce((sum, score) => sum + (score - mean) ** 2, 0) / judged.length;
  return { mean, std: Math.sqrt(variance), scores: [...scores] };
}
