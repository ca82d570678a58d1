/** The Euler–Mascheroni constant, to the ten digits that the paper gives. */
const EULER = 0.5772156649;

/**
 * c(n): the average number of steps of an unsuccessful search in a binary search tree of n values, which is what a path of an isolation
 * tree over n rows is compared with. Liu, Ting, Zhou (2008), "Isolation Forest", ICDM, equation 1:
 * c(n) = 2H(n − 1) − 2(n − 1)/n, where H(i) is the harmonic number, by the paper's estimate ln(i) + 0.5772156649.
 *
 * For n = 2 it is 1, from H(1) = 1 itself, and for fewer rows 0, as in their journal article (2012, ACM TKDD 6(1), equation 1).
 *
 * @param rows n
 * @returns steps, 0 or more
 * @example
 * averagePathLength(256); // 10.2448
 */
export function averagePathLength(rows: number): number {
  if (rows < 2) return 0;
  if (rows === 2) return 1;
  return 2 * (Math.log(rows - 1) + EULER) - (2 * (rows - 1)) / rows;
}

/**
 * The score of section 2 of the paper, s = 2^(−E(h)/c): near 1 for rows that are isolated after a few splits, below 0.5 for ordinary ones.
 *
 * @param meanPathLength E(h), the mean over the trees
 * @param sampleSize rows that each tree was grown on
 * @returns in 0..1
 * @example
 * anomalyScore(averagePathLength(256), 256); // 0.5
 */
export function anomalyScore(meanPathLength: number, sampleSize: number): number {
  return 2 ** (-meanPathLength / averagePathLength(sampleSize));
}
