const BINS = 10;

/**
 * How evenly scores fill the range: the entropy of their histogram over ten bins of equal width, divided by that of ten equally full bins:
 * −Σ pᵢ ln pᵢ / ln 10 (Shannon, A Mathematical Theory of Communication, 1948). 0 where all fall into one bin, or there are none.
 *
 * A bin holds eᵢ ≤ score < eᵢ₊₁, the last one 1 as well. The edges eᵢ are i · 0.1 in floating point, as those of numpy.histogram, with which the subnet's
 * validator counts: 0.3, 0.6 and 0.7 are a last bit below their edges, and so in the bin before.
 *
 * @param scores from 0 to 1
 * @returns 0 to 1
 * @example
 * scoreEntropy(Float64Array.of(0.05, 0.95)); // ln 2 / ln 10 = 0.3010…
 */
export function scoreEntropy(scores: Float64Array): number {
  const counts = new Float64Array(BINS);
  for (const score of scores) counts[binOf(score)] += 1;
  let sum = 0;
  for (const count of counts) if (count > 0) sum += (count / scores.length) * Math.log(count / scores.length);
  // Ten equally full bins are ln 10 up to the last bit.
  return Math.min(1, Math.max(0, -sum / Math.log(BINS)));
}

function binOf(score: number): number {
  const bin = Math.min(BINS - 1, Math.floor(score * BINS));
  if (bin > 0 && score < edge(bin)) return bin - 1;
  return bin < BINS - 1 && score >= edge(bin + 1) ? bin + 1 : bin;
}

function edge(bin: number): number {
  return bin * (1 / BINS);
}
