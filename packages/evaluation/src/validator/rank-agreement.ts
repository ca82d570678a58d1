import { spearman } from './spearman.ts';

/**
 * The median of several submissions for each alert, of those that score it. It is the mean of the two in the middle where they are even in number.
 *
 * @param submissions one array each, all of the same alerts in the same order; NaN where an alert has no score
 * @example
 * medianScores([Float64Array.of(0.1, 0.9), Float64Array.of(0.3, Number.NaN)]); // [0.2, 0.9]
 */
export function medianScores(submissions: readonly Float64Array[]): Float64Array {
  const medians = new Float64Array(submissions[0]?.length ?? 0);
  const held = new Float64Array(submissions.length);
  for (let row = 0; row < medians.length; row++) {
    let count = 0;
    for (const scores of submissions) if (!Number.isNaN(scores[row])) held[count++] = scores[row];
    const sorted = held.subarray(0, count).sort();
    const middle = count >> 1;
    medians[row] = count % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
  return medians;
}

/**
 * How far a submission orders alerts as the field does: (ρ + 1)/2, where ρ is Spearman's correlation with the median of all submissions, this
 * one among them. A submission that stands alone is its own median and gets 1. 0 with fewer than two alerts, as the subnet has it; 0.5 where
 * one side scores everything alike, which orders nothing.
 *
 * @returns 0 to 1
 * @example
 * rankAgreement(Float64Array.of(0.1, 0.9), Float64Array.of(0.7, 0.2)); // 0
 */
export function rankAgreement(scores: Float64Array, medians: Float64Array): number {
  if (scores.length < 2) return 0;
  return ((spearman(scores, medians) ?? 0) + 1) / 2;
}
