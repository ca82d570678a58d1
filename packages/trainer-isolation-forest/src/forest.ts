import { averagePathLength } from './path-length.ts';

/**
 * Isolation trees, end to end: tree t owns the nodes `nodeOffsets[t]` to `nodeOffsets[t + 1] - 1`, the first of which is its root. A node's
 * children stand next to each other, after it.
 */
export interface Forest {
  readonly featureNames: readonly string[];
  /** Rows that each tree was grown on: ψ of the paper. */
  readonly sampleSize: number;
  /** One entry per tree, and the number of nodes. */
  readonly nodeOffsets: Int32Array;
  /** Column that a node splits, -1 for a leaf. One entry per node, as in all that follow. */
  readonly feature: Int32Array;
  /** A row goes left where its value ≤ threshold; 0 for a leaf. */
  readonly threshold: Float32Array;
  /** The left child, counted within its tree; the right one comes next. 0 for a leaf. */
  readonly left: Int32Array;
  /** 1 where an unknown value goes left. */
  readonly missingLeft: Uint8Array;
  /** Rows of the sample that came to the node. */
  readonly size: Int32Array;
}

/** How many trees a forest has. */
export function countTrees({ nodeOffsets }: Forest): number {
  return nodeOffsets.length - 1;
}

/**
 * h of every leaf: the splits on the way to it, and for the rows that it did not tell apart the average of the splits that would (algorithm
 * 3 of the paper). 0 for nodes that are no leaf.
 */
export function leafPathLengths(forest: Forest): Float64Array {
  const { nodeOffsets, feature, left, size } = forest;
  const depth = new Int32Array(feature.length);
  const lengths = new Float64Array(feature.length);
  for (let tree = 0; tree < countTrees(forest); tree++) {
    const root = nodeOffsets[tree] as number;
    for (let node = root; node < (nodeOffsets[tree + 1] as number); node++) {
      const here = depth[node] as number;
      if ((feature[node] as number) < 0) {
        lengths[node] = here + averagePathLength(size[node] as number);
      } else {
        const child = root + (left[node] as number);
        depth[child] = here + 1;
        depth[child + 1] = here + 1;
      }
    }
  }
  return lengths;
}

/**
 * How much each feature isolates: over its splits, the rows that come to the split times 1 − H₂(share that goes left), the binary entropy by
 * which the split falls short of halving them; as shares, which sum to 1. Features are drawn by chance, so counting their splits would
 * say nothing; one with far values splits them off few at a time.
 */
export function importances(forest: Forest): number[] {
  const { nodeOffsets, feature, left, size } = forest;
  const sums = new Array<number>(forest.featureNames.length).fill(0);
  for (let tree = 0; tree < countTrees(forest); tree++) {
    const root = nodeOffsets[tree] as number;
    for (let node = root; node < (nodeOffsets[tree + 1] as number); node++) {
      const column = feature[node] as number;
      if (column < 0) continue;
      const rows = size[node] as number;
      const share = (size[root + (left[node] as number)] as number) / rows;
      sums[column] = (sums[column] ?? 0) + rows * (1 - binaryEntropy(share));
    }
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((sum) => (total > 0 ? sum / total : 0));
}

function binaryEntropy(share: number): number {
  const term = (p: number) => (p > 0 ? -p * Math.log2(p) : 0);
  return term(share) + term(1 - share);
}
