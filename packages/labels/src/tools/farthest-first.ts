/**
 * Chooses points that are far from each other: the first one, then each time the point whose nearest chosen one is farthest away. This greedy k-center is
 * within twice the best possible radius (Gonzalez 1985; as active learning Sener & Savarese 2018, "Active Learning for
 * Convolutional Neural Networks: A Core-Set Approach", ICLR, algorithm 1, here without labelled points to start from).
 *
 * @param columns coordinates, an array per dimension, all of one length
 * @param count how many to choose; all where there are fewer
 * @param first the point to start from
 * @returns the chosen points in the order of their choice; of points equally far away the one with the lower number
 * @example
 * farthestFirst([Float32Array.of(0, 0.1, 1)], 2, 0); // 0, 2
 */
export function farthestFirst(columns: readonly Float32Array[], count: number, first = 0): Int32Array {
  const points = columns[0]?.length ?? 0;
  const chosen = new Int32Array(Math.min(count, points));
  // Squared Euclidean distance to the nearest chosen point; -1 for a chosen one.
  const nearest = new Float64Array(points).fill(Number.POSITIVE_INFINITY);
  const distances = new Float64Array(points);
  let next = first;
  for (let at = 0; at < chosen.length; at++) {
    chosen[at] = next;
    distances.fill(0);
    for (const column of columns) {
      const here = column[next] ?? 0;
      for (let point = 0; point < points; point++) {
        const difference = (column[point] ?? 0) - here;
        distances[point] = (distances[point] ?? 0) + difference * difference;
      }
    }
    nearest[next] = -1;
    let farthest = -1;
    for (let point = 0; point < points; point++) {
      const distance = nearest[point] ?? -1;
      if (distance < 0) continue;
      if ((distances[point] ?? 0) < distance) nearest[point] = distances[point] ?? 0;
      if (farthest < 0 || (nearest[point] ?? 0) > (nearest[farthest] ?? 0)) farthest = point;
    }
    next = farthest;
  }
  return chosen;
}
