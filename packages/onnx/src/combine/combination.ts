import { InvalidInputError } from '@risk-scoring/contract';

/** How the scores of several models become one; weights and coefficients in the order of the members. */
export type OnnxCombination =
  /** probability = Σ w_i p_i / Σ w_i; raw score = log(p / (1 − p)), p clipped to [1e-15, 1 − 1e-15]. */
  | { readonly method: 'average'; readonly weights: readonly number[] }
  /** For models of the link identity, such as rankers: raw score = probability = Σ w_i raw_i / Σ w_i. */
  | { readonly method: 'average-raw'; readonly weights: readonly number[] }
  /** raw score = intercept + Σ c_i · log(p_i / (1 − p_i)), p_i clipped to [1e-15, 1 − 1e-15]; probability = 1 / (1 + exp(−raw)). */
  | { readonly method: 'stacking'; readonly intercept: number; readonly coefficients: readonly number[] };

/**
 * Refuses a combination that is not one of so many members.
 *
 * @throws {InvalidInputError} where a number is missing, too many or not finite, a weight is negative, or all are 0
 */
export function assertCombination(combine: OnnxCombination, members: number): void {
  switch (combine.method) {
    case 'average':
    case 'average-raw':
      assertWeights(combine.weights, members);
      return;
    case 'stacking':
      assertCount('coefficients', combine.coefficients, members);
      if (![combine.intercept, ...combine.coefficients].every(Number.isFinite)) {
        throw invalid('a finite intercept and finite coefficients', 'another number');
      }
      return;
    default:
      throw invalid(
        "the method 'average', 'average-raw' or 'stacking'",
        (combine as { method: unknown }).method,
      );
  }
}

function assertWeights(weights: readonly number[], members: number): void {
  assertCount('weights', weights, members);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(weights.every((weight) => weight >= 0) && total > 0 && Number.isFinite(total))) {
    throw invalid('weights of 0 or more, not all of them 0', weights.join(', '));
  }
}

function assertCount(what: string, numbers: readonly number[], members: number): void {
  if (Array.isArray(numbers) && numbers.length === members) return;
  throw invalid(`${members} ${what}, one per member`, Array.isArray(numbers) ? numbers.length : numbers);
}

function invalid(expected: string, found: unknown): InvalidInputError {
  return new InvalidInputError({ what: 'The combination of models', expected, found });
}
