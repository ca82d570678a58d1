import { rankingMetrics, rankRows, rankWeights } from './ranking.ts';
import { checkBothClasses, type Scores, type Weights } from './scored-rows.ts';

/**
 * The area under the ROC curve: the probability that a positive row scores higher than a negative one,
 * equal scores counting half. 0.5 is chance.
 *
 * @param labels 0 or 1 per row
 * @param scores any finite numbers; only their order matters
 * @param weights how much each row counts; all the same when absent
 * @throws {SingleClassError} when a class has no row, or no weight
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays of unequal length
 * @example
 * rocAuc(Int8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8)); // 0.75
 */
export function rocAuc(labels: Int8Array, scores: Scores, weights?: Weights): number {
  checkBothClasses(labels, scores, weights);
  const ranking = rankRows(labels, scores);
  return rankingMetrics(ranking, rankWeights(ranking, weights)).auc;
}

/**
 * Average precision, the area under the precision-recall curve as a sum of steps, without
 * interpolation: Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores (scikit-learn's `average_precision_score`).
 * The share of positives is chance.
 *
 * @param labels 0 or 1 per row
 * @param scores any finite numbers; only their order matters
 * @param weights how much each row counts; all the same when absent
 * @throws {SingleClassError} when a class has no row, or no weight
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays of unequal length
 * @example
 * averagePrecision(Int8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8)); // 0.8333…
 */
export function averagePrecision(labels: Int8Array, scores: Scores, weights?: Weights): number {
  checkBothClasses(labels, scores, weights);
  const ranking = rankRows(labels, scores);
  return rankingMetrics(ranking, rankWeights(ranking, weights)).averagePrecision;
}
