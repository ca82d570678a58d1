/** How near to 0 and 1 a probability is taken before its logit: no logit is beyond ±34.54. */
export const LOGIT_CLIP = 1e-15;

/** ln(p / (1 - p)) of a probability that is clipped to {@link LOGIT_CLIP} … 1 - {@link LOGIT_CLIP}. */
export function clippedLogit(probability: number): number {
  const clipped = Math.min(Math.max(probability, LOGIT_CLIP), 1 - LOGIT_CLIP);
  return Math.log(clipped / (1 - clipped));
}

/** σ(z) = 1 / (1 + e^-z). */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
