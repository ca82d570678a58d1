/** The groups that occur among some rows, renumbered without gaps. */
export interface DenseGroups {
  /** One code 0 … groups - 1 per row; lower split-group codes get lower ones. */
  readonly groupCodes: Int32Array;
  readonly groups: number;
  /** The original code behind each new one, ascending. */
  readonly codes: Int32Array;
}

/** A table of this many entries per row, and then some, is worth its room: looking up beats sorting and searching. */
const TABLE_ENTRIES_PER_ROW = 8;
const SMALL_TABLE = 65_536;

/**
 * Renumbers the split groups of some rows without gaps, so that arrays per group need no more room than there are
 * groups at hand.
 *
 * @param splitGroups one code per row, 0 or greater
 * @example
 * denseGroups(Int32Array.of(7, 2, 7)); // { groupCodes: [1, 0, 1], groups: 2, codes: [2, 7] }
 */
export function denseGroups(splitGroups: Int32Array): DenseGroups {
  let lowest = 0;
  let highest = 0;
  for (let row = 0; row < splitGroups.length; row++) {
    lowest = Math.min(lowest, splitGroups[row]);
    highest = Math.max(highest, splitGroups[row]);
  }
  const fitsTable = lowest === 0 && highest < SMALL_TABLE + TABLE_ENTRIES_PER_ROW * splitGroups.length;
  return fitsTable ? denseByTable(splitGroups, highest) : denseBySearch(splitGroups);
}

function denseByTable(splitGroups: Int32Array, highest: number): DenseGroups {
  // First 1 for every code that occurs, then its new code.
  const table = new Int32Array(highest + 1);
  for (let row = 0; row < splitGroups.length; row++) table[splitGroups[row]] = 1;
  const codes = new Int32Array(table.length);
  let groups = 0;
  for (let code = 0; code < table.length; code++) {
    if (table[code] === 0) continue;
    codes[groups] = code;
    table[code] = groups++;
  }
  const groupCodes = new Int32Array(splitGroups.length);
  for (let row = 0; row < groupCodes.length; row++) groupCodes[row] = table[splitGroups[row]];
  return { groupCodes, groups, codes: codes.slice(0, groups) };
}

function denseBySearch(splitGroups: Int32Array): DenseGroups {
  const distinct = splitGroups.slice().sort();
  let groups = 0;
  for (let i = 0; i < distinct.length; i++) {
    if (i === 0 || distinct[i] !== distinct[i - 1]) distinct[groups++] = distinct[i];
  }
  const codes = distinct.slice(0, groups);
  return { groupCodes: splitGroups.map((code) => indexIn(codes, code)), groups, codes };
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
