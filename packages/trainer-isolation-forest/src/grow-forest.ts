import { createRandom } from '@risk-scoring/contract';
import type { Forest } from './forest.ts';
import { growTree, type Tree } from './grow-tree.ts';
import { drawSample, type Values } from './sample.ts';

/** What a forest is grown from. */
export interface GrowthRequest extends Values {
  readonly featureNames: readonly string[];
  /** Rows to draw from. */
  readonly trainRows: Int32Array;
  readonly trees: number;
  /** Rows of each tree; all of `trainRows` where they are fewer. */
  readonly sampleSize: number;
  readonly maxFeatures: number;
  readonly seed: number;
}

/**
 * Grows the trees of a forest one after the other (algorithm 1 of the paper), each on a sample of its own, up to a height of
 * ceil(log2(sample size)). The first trees of a larger forest are those of a smaller one.
 *
 * @param onTree called before each tree and after the last with the trees grown so far; what it throws ends the growth
 */
export function growForest(request: GrowthRequest, onTree: (grown: number) => void): Forest {
  const { featureNames, trainRows, trees: count, maxFeatures, seed } = request;
  const sampleSize = Math.min(request.sampleSize, trainRows.length);
  const height = Math.ceil(Math.log2(sampleSize));
  const pool = trainRows.slice();
  const trees: Tree[] = [];
  for (let tree = 0; tree < count; tree++) {
    onTree(tree);
    const random = createRandom(seed, `isolation tree ${tree}`);
    const sample = drawSample(request, { pool, size: sampleSize, random });
    trees.push(growTree(sample, { height, maxFeatures }, random));
  }
  onTree(count);
  return { featureNames, sampleSize, ...joinTrees(trees) };
}

function joinTrees(trees: readonly Tree[]): Omit<Forest, 'featureNames' | 'sampleSize'> {
  const nodeOffsets = new Int32Array(trees.length + 1);
  for (const [i, { feature }] of trees.entries())
    nodeOffsets[i + 1] = (nodeOffsets[i] as number) + feature.length;
  const nodes = nodeOffsets[trees.length] as number;
  const joined = {
    nodeOffsets,
    feature: new Int32Array(nodes),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    size: new Int32Array(nodes),
  };
  for (const [i, tree] of trees.entries()) {
    const at = nodeOffsets[i] as number;
    joined.feature.set(tree.feature, at);
    joined.threshold.set(tree.threshold, at);
    joined.left.set(tree.left, at);
    joined.missingLeft.set(tree.missingLeft, at);
    joined.size.set(tree.size, at);
  }
  return joined;
}
