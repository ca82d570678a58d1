/** What the subnet's validator takes where nothing can be compared. */
export const STABILITY_WITHOUT_PREVIOUS = 0.7;

/**
 * How little scores moved since the previous date: 1 − mean |score − score before| over what both have.
 *
 * @param before the previous scores of the same alerts (or addresses), NaN where there is none
 * @returns 0 to 1; {@link STABILITY_WITHOUT_PREVIOUS} where fewer than two are in both
 * @example
 * scoreStability(Float64Array.of(0.5, 0.5, 0.5), Float64Array.of(0.4, 0.8, Number.NaN)); // 0.8
 */
export function scoreStability(scores: Float64Array, before: Float64Array): number {
  let [pairs, sum] = [0, 0];
  for (let row = 0; row < scores.length; row++) {
    const moved = Math.abs(scores[row] - before[row]);
    if (Number.isNaN(moved)) continue;
    pairs += 1;
    sum += moved;
  }
  return pairs < 2 ? STABILITY_WITHOUT_PREVIOUS : 1 - sum / pairs;
}
