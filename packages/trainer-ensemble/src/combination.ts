import type { OnnxCombination } from '@risk-scoring/onnx';

/** Probabilities nearer to 0 or 1 count as this near, as in ONNX. */
const LOGIT_CLIP = 1e-15;

/**
 * ln(p / (1 − p)), p clipped to [1e-15, 1 − 1e-15].
 *
 * @example
 * logit(0.5); // 0
 */
export function logit(probability: number): number {
  const clipped = Math.min(Math.max(probability, LOGIT_CLIP), 1 - LOGIT_CLIP);
  return Math.log(clipped / (1 - clipped));
}

/** σ(z) = 1 / (1 + e^−z). */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/**
 * What members are combined by: their raw scores in `average-raw`, else their probabilities.
 *
 * @example
 * await model.predict(data, { output: memberOutput(combine) });
 */
export function memberOutput({ method }: OnnxCombination): 'raw' | 'probability' {
  return method === 'average-raw' ? 'raw' : 'probability';
}

/**
 * Scores of the ensemble from those of its members, by the formulas of {@link OnnxCombination} and in the order of operations of `combineOnnxModels`.
 *
 * @param scores per member one number per row, of the kind {@link memberOutput} says
 * @example
 * combineScores({ method: 'average', weights: [3, 1] }, [Float64Array.of(0.5), Float64Array.of(0.1)], 'probability'); // [0.4]
 */
export function combineScores(
  combine: OnnxCombination,
  scores: readonly Float64Array[],
  output: 'raw' | 'probability',
): Float64Array {
  if (combine.method === 'stacking') {
    const logits = scores.map((probabilities) => probabilities.map(logit));
    const raw = weightedSums(logits, combine.coefficients).map((sum) => combine.intercept + sum);
    return output === 'raw' ? raw : raw.map(sigmoid);
  }
  const total = combine.weights.reduce((sum, weight) => sum + weight, 0);
  const average = weightedSums(scores, combine.weights).map((sum) => sum / total);
  if (combine.method === 'average-raw') return average;
  // Rounding must not carry an average of ones beyond 1.
  const probability = average.map((p) => Math.min(Math.max(p, 0), 1));
  return output === 'raw' ? probability.map(logit) : probability;
}

function weightedSums(columns: readonly Float64Array[], weights: readonly number[]): Float64Array {
  const sums = new Float64Array(columns[0].length);
  for (let row = 0; row < sums.length; row++) {
    let sum = weights[0] * columns[0][row];
    for (let i = 1; i < columns.length; i++) sum += weights[i] * columns[i][row];
    sums[row] = sum;
  }
  return sums;
}
