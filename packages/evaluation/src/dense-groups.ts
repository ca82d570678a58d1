/** The groups that occur among some rows, renumbered without gaps. */
export interface DenseGroups {
  /** One code 0 … groups - 1 per row; lower split-group codes get lower ones. */
  readonly groupCodes: Int32Array;
  readonly groups: number;
}

/**
 * Renumbers the split groups of some rows without gaps, so that arrays per group need no more room than there are
 * groups at hand.
 *
 * @param splitGroups one code per row, 0 or greater
 * @example
 * denseGroups(Int32Array.of(7, 2, 7)); // { groupCodes: [1, 0, 1], groups: 2 }
 */
export function denseGroups(splitGroups: Int32Array): DenseGroups {
  const distinct = splitGroups.slice().sort();
  let groups = 0;
  for (let i = 0; i < distinct.length; i++) {
    if (i === 0 || distinct[i] !== distinct[i - 1]) distinct[groups++] = distinct[i];
  }
  const names = distinct.subarray(0, groups);
  return { groupCodes: splitGroups.map((code) => indexIn(names, code)), groups };
}

/** Where a value stands in ascending values that contain it. */
function indexIn(ascending: Int32Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
