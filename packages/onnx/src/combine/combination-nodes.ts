import type { DoubleArithmetic } from '../graph/double-arithmetic.ts';
import type { OnnxCombination } from './combination.ts';

/**
 * Adds a combination to a graph.
 *
 * @param scores names of the members' scores, doubles `[N, 1]`: raw scores for `average-raw`, else probabilities
 * @returns names of the two results
 */
export function combinationNodes(
  math: DoubleArithmetic,
  combine: OnnxCombination,
  scores: readonly string[],
): { raw: string; probability: string } {
  if (combine.method === 'stacking') {
    const logits = scores.map((score) => math.logit(score));
    const sum = weightedSum(math, logits, combine.coefficients);
    const raw = math.apply('Add', [math.constant(combine.intercept), sum]);
    return { raw, probability: math.apply('Sigmoid', [raw]) };
  }
  const total = combine.weights.reduce((sum, weight) => sum + weight, 0);
  const average = math.apply('Div', [weightedSum(math, scores, combine.weights), math.constant(total)]);
  if (combine.method === 'average-raw') return { raw: average, probability: average };
  // Rounding must not carry an average of ones beyond 1.
  const probability = math.clip(average, math.constant(0), math.constant(1));
  return { raw: math.logit(probability), probability };
}

function weightedSum(math: DoubleArithmetic, values: readonly string[], weights: readonly number[]): string {
  const terms = values.map((value, i) => math.apply('Mul', [value, math.constant(weights[i] as number)]));
  return terms.reduce((sum, term) => math.apply('Add', [sum, term]));
}
