/**
 * The area under the ROC curve as the share of (positive, negative) pairs in the right order, ties counting half
 * (Mann and Whitney 1947), by counting every pair. Weights multiply.
 */
export function pairwiseAuc(
  scores: Float64Array,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let right = 0;
  let all = 0;
  for (let i = 0; i < scores.length; i++) {
    if (labels[i] !== 1) continue;
    for (let j = 0; j < scores.length; j++) {
      if (labels[j] === 1) continue;
      const weight = (weights?.[i] ?? 1) * (weights?.[j] ?? 1);
      const difference = (scores[i] as number) - (scores[j] as number);
      all += weight;
      right += weight * (difference > 0 ? 1 : difference === 0 ? 0.5 : 0);
    }
  }
  return right / all;
}

/** The mean negative log-likelihood of 0/1 labels under probabilities, weighted. */
export function meanLogLoss(
  scores: Float64Array,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let loss = 0;
  let all = 0;
  for (const [i, score] of scores.entries()) {
    const weight = weights?.[i] ?? 1;
    loss -= weight * Math.log(labels[i] === 1 ? score : 1 - score);
    all += weight;
  }
  return loss / all;
}
