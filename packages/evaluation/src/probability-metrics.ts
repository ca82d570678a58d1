import { checkProbabilities, type Scores, type Weights } from './scored-rows.ts';

/** How near to 0 and 1 a probability is taken in {@link logLoss}: 2⁻⁵², the spacing of doubles at 1. */
export const LOG_LOSS_CLIP = Number.EPSILON;

/**
 * The Brier score: the mean squared distance of the probability from the label (Brier, Monthly Weather
 * Review 78, 1950). 0 is perfect; always answering the share p of positives gives p(1 − p).
 *
 * @param labels 0 or 1 per row
 * @param scores probabilities, 0..1
 * @param weights how much each row counts; all the same when absent
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label or arrays of unequal length
 * @example
 * brierScore(Int8Array.of(0, 1), Float64Array.of(0.1, 0.8)); // (0.1² + 0.2²) / 2 = 0.025
 */
export function brierScore(labels: Int8Array, scores: Scores, weights?: Weights): number {
  checkProbabilities(labels, scores, weights);
  return weightedMean(squaredErrors(labels, scores), weights);
}

/**
 * Log loss (cross-entropy), natural logarithm: the mean of −ln of the probability given to the label
 * that was right. 0 is perfect.
 *
 * Probabilities are clipped to {@link LOG_LOSS_CLIP} … 1 − {@link LOG_LOSS_CLIP}, so that one row that was
 * surely wrong costs at most 36.04 rather than making the mean infinite. scikit-learn clips float64
 * likewise.
 *
 * @param labels 0 or 1 per row
 * @param scores probabilities, 0..1
 * @param weights how much each row counts; all the same when absent
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label or arrays of unequal length
 * @example
 * logLoss(Int8Array.of(1, 0, 0, 1), Float64Array.of(0.9, 0.1, 0.2, 0.65)); // 0.21616…
 */
export function logLoss(labels: Int8Array, scores: Scores, weights?: Weights): number {
  checkProbabilities(labels, scores, weights);
  return weightedMean(logLosses(labels, scores), weights);
}

/** The squared error of each row. */
export function squaredErrors(labels: Int8Array, scores: Scores): Float64Array {
  const errors = new Float64Array(labels.length);
  for (let row = 0; row < errors.length; row++) errors[row] = (scores[row] - labels[row]) ** 2;
  return errors;
}

/** The clipped log loss of each row. */
export function logLosses(labels: Int8Array, scores: Scores): Float64Array {
  const losses = new Float64Array(labels.length);
  for (let row = 0; row < losses.length; row++) {
    const probability = Math.min(Math.max(scores[row], LOG_LOSS_CLIP), 1 - LOG_LOSS_CLIP);
    losses[row] = labels[row] === 1 ? -Math.log(probability) : -Math.log1p(-probability);
  }
  return losses;
}

/** The (weighted) mean of one value per row. */
export function weightedMean(values: Float64Array, weights?: Weights): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const weight = weights === undefined ? 1 : weights[row];
    sum += weight * values[row];
    total += weight;
  }
  return sum / total;
}
