import { descendingOrder } from '../descending-order.ts';

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of their ranks (Spearman, The Proof and
 * Measurement of Association between Two Things, 1904; Kendall, Rank Correlation Methods, 1948, for ties).
 *
 * @param first any numbers but NaN
 * @param second as many
 * @returns −1 to 1; null where it is not defined: fewer than two pairs, or all values of one side equal
 * @example
 * spearman(Float64Array.of(1, 2, 3), Float64Array.of(1, 4, 9)); // 1
 */
export function spearman(first: Float64Array, second: Float64Array): number | null {
  const [a, b] = [ranksOf(first), ranksOf(second)];
  const mean = (a.length + 1) / 2;
  let [product, squareA, squareB] = [0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    const [fromA, fromB] = [a[row] - mean, b[row] - mean];
    product += fromA * fromB;
    squareA += fromA * fromA;
    squareB += fromB * fromB;
  }
  if (!(squareA > 0 && squareB > 0)) return null;
  return Math.min(1, Math.max(-1, product / Math.sqrt(squareA * squareB)));
}

/** The ranks from 1, the highest value first; equal ones get their mean. */
function ranksOf(values: Float64Array): Float64Array {
  const order = descendingOrder(values);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end += 1;
    for (let place = start; place < end; place++) ranks[order[place]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}
