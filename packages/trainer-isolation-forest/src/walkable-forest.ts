import { countTrees, type Forest, leafPathLengths } from './forest.ts';

/**
 * A forest laid out for walking: in every tree a row takes as many steps as the tree is high, and a leaf leads back to itself. Without a
 * question whether it has arrived, the processor need not guess, and several rows go at once. Children count over the whole forest.
 */
export interface WalkableForest {
  /** ψ, the rows that each tree was grown on. */
  readonly sampleSize: number;
  readonly columns: number;
  /** Node of each tree's root, and steps to its lowest leaf. */
  readonly roots: Int32Array;
  readonly heights: Int32Array;
  /** One entry per node, as in all that follow; 0 for a leaf. */
  readonly feature: Int32Array;
  /** Infinity for a leaf. */
  readonly threshold: Float32Array;
  readonly left: Int32Array;
  /** 1 where an unknown value goes right. */
  readonly missingRight: Int32Array;
  /** h of a leaf. */
  readonly length: Float64Array;
}

/** Lays a forest out for walking. */
export function toWalkable(forest: Forest): WalkableForest {
  const { nodeOffsets, feature, threshold, left, missingLeft } = forest;
  const trees = countTrees(forest);
  const heights = new Int32Array(trees);
  const depth = new Int32Array(feature.length);
  const walkable: WalkableForest = {
    sampleSize: forest.sampleSize,
    columns: forest.featureNames.length,
    roots: nodeOffsets.slice(0, trees),
    heights,
    feature: feature.map((column) => Math.max(column, 0)),
    threshold: threshold.map((limit, node) => (isLeaf(node) ? Number.POSITIVE_INFINITY : limit)),
    left: new Int32Array(feature.length),
    missingRight: Int32Array.from(missingLeft, (goesLeft, node) => (isLeaf(node) ? 0 : 1 - goesLeft)),
    length: leafPathLengths(forest),
  };
  for (let tree = 0; tree < trees; tree++) {
    const root = nodeOffsets[tree] as number;
    for (let node = root; node < (nodeOffsets[tree + 1] as number); node++) {
      const here = depth[node] as number;
      const child = isLeaf(node) ? node : root + (left[node] as number);
      walkable.left[node] = child;
      if (isLeaf(node)) heights[tree] = Math.max(heights[tree] as number, here);
      else depth.fill(here + 1, child, child + 2);
    }
  }
  return walkable;

  function isLeaf(node: number): boolean {
    return (feature[node] as number) < 0;
  }
}
