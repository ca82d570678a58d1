import { denseGroups } from '../dense-groups.ts';

/**
 * How alike the scores of one address are: 1 + the mean penalty over the addresses with several alerts, by the population standard deviation
 * of each one's scores: < 0.10 → 0, < 0.15 → −0.05, < 0.25 → −0.10, else −0.15. 1 where no address has several.
 *
 * @param addresses of each score, one code ≥ 0 per row
 * @returns 0.85 to 1
 * @example
 * addressConsistency(Float64Array.of(0.1, 0.9, 0.5, 0.5), Int32Array.of(0, 0, 1, 1)); // 1 + (−0.15 + 0)/2 = 0.925
 */
export function addressConsistency(scores: Float64Array, addresses: Int32Array): number {
  if (scores.length === 0) return 1;
  const { groupCodes, groups } = denseGroups(addresses);
  const counts = new Uint32Array(groups);
  const means = new Float64Array(groups);
  const squares = new Float64Array(groups);
  // Welford, Technometrics 4(3), 1962: sums of squares of near-equal scores would lose all their digits.
  for (let row = 0; row < scores.length; row++) {
    const group = groupCodes[row];
    counts[group] += 1;
    const from = scores[row] - means[group];
    means[group] += from / counts[group];
    squares[group] += from * (scores[row] - means[group]);
  }
  let [several, penalties] = [0, 0];
  for (let group = 0; group < groups; group++) {
    if (counts[group] < 2) continue;
    several += 1;
    penalties += penaltyOf(Math.sqrt(squares[group] / counts[group]));
  }
  return several === 0 ? 1 : 1 + penalties / several;
}

function penaltyOf(deviation: number): number {
  if (deviation < 0.1) return 0;
  if (deviation < 0.15) return -0.05;
  return deviation < 0.25 ? -0.1 : -0.15;
}
