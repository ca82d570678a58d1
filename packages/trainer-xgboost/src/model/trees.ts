/**
 * Trees, their nodes one after another. The two children of a node stand next to each other behind it, in the same tree.
 */
export interface Trees {
  /** Where each tree begins, its root first, and the end of the last: one entry more than trees. */
  readonly treeOffsets: Int32Array;
  /** The column that a node compares; -1 for a leaf. */
  readonly feature: Int32Array;
  /** What a node compares with: a row goes left where x < threshold. Of a leaf its value. */
  readonly threshold: Float32Array;
  /** The left child, counted from the first node of all trees; the right one follows. 0 for a leaf. */
  readonly left: Int32Array;
  /** 1 where unknown values go right. */
  readonly missingRight: Uint8Array;
  /** By how much a split lowered the loss; 0 for a leaf. */
  readonly gain: Float32Array;
}

/** How many trees there are. */
export function countTrees(trees: Trees): number {
  return trees.treeOffsets.length - 1;
}

/** What each column is worth, and how often it is compared. */
export interface Importances {
  /** The sum of the gains of its splits: XGBoost's `total_gain`. */
  readonly totalGain: number[];
  /** How many splits there are of it: XGBoost's `weight`. */
  readonly splits: number[];
}

/** The importances of all columns. */
export function importancesOf({ feature, gain }: Trees, columns: number): Importances {
  const totalGain = new Array<number>(columns).fill(0);
  const splits = new Array<number>(columns).fill(0);
  for (const [node, column] of feature.entries()) {
    if (column < 0) continue;
    totalGain[column] = (totalGain[column] as number) + (gain[node] as number);
    splits[column] = (splits[column] as number) + 1;
  }
  return { totalGain, splits };
}
