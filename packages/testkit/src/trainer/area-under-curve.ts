/**
 * The area under the ROC curve of some rows, by the Mann–Whitney statistic: the share of pairs of a positive and a
 * negative row in which the positive one scores higher, ties counting half.
 */
export function areaUnderCurve(rows: Int32Array, labels: Int8Array, scores: ArrayLike<number>): number {
  let pairs = 0;
  let won = 0;
  for (const positive of rows) {
    if (labels[positive] !== 1) continue;
    for (const negative of rows) {
      if (labels[negative] !== 0) continue;
      pairs += 1;
      const difference = (scores[positive] as number) - (scores[negative] as number);
      if (difference > 0) won += 1;
      else if (difference === 0) won += 0.5;
    }
  }
  return won / pairs;
}
