import type { GroupClasses } from './group-classes.ts';

/**
 * Moves single groups until every part holds rows of both classes, changing `parts` in place.
 *
 * Where a part lacks a class, some other part has at least two groups with it (there are at least as
 * many such groups as parts). If one of those holds that class only, moving it takes nothing else from its part; if none does, all
 * of them hold both classes and one of each remains. So a move is always there and never
 * opens a new gap. The smallest such group moves, to disturb the shares least.
 *
 * @param parts the part of each group; at least `partCount` groups have positives, and as many negatives
 */
export function coverClasses(groups: GroupClasses, parts: Int32Array, partCount: number): void {
  for (let part = 0; part < partCount; part++) {
    for (const [wanted, other] of [
      [groups.positives, groups.negatives],
      [groups.negatives, groups.positives],
    ] as const) {
      if (countGroups(wanted, parts, partCount)[part] > 0) continue;
      parts[findSpare({ wanted, other, parts, partCount })] = part;
    }
  }
}

interface Search {
  /** Rows of the class that a part lacks, per group. */
  readonly wanted: Int32Array;
  readonly other: Int32Array;
  readonly parts: Int32Array;
  readonly partCount: number;
}

/** The smallest group with the wanted class whose part can do without it. */
function findSpare({ wanted, other, parts, partCount }: Search): number {
  const groupsWithWanted = countGroups(wanted, parts, partCount);
  const groupsWithOther = countGroups(other, parts, partCount);
  let smallest = -1;
  let fewestRows = Infinity;
  for (let group = 0; group < parts.length; group++) {
    if (wanted[group] === 0 || groupsWithWanted[parts[group]] < 2) continue;
    if (other[group] > 0 && groupsWithOther[parts[group]] < 2) continue;
    const rows = wanted[group] + other[group];
    if (rows < fewestRows) {
      smallest = group;
      fewestRows = rows;
    }
  }
  return smallest;
}

/** How many groups with rows of a class each part holds. */
function countGroups(rowsOfClass: Int32Array, parts: Int32Array, partCount: number): Int32Array {
  const counts = new Int32Array(partCount);
  for (let group = 0; group < parts.length; group++) {
    if (rowsOfClass[group] > 0) counts[parts[group]]++;
  }
  return counts;
}
