import type { LightGBMTrees } from '../lightgbm/lightgbm-trees.ts';
import { isDefaultLeft, missingType } from '../lightgbm/lightgbm-trees.ts';
import { type CategoricalChains, extraNodes } from './categorical-chains.ts';
import { nextBelow, roundDownToFloat32 } from './float32.ts';

/** The attributes of one TreeEnsembleRegressor: a node's fields at one index of each array. */
export interface TreeEnsemble {
  readonly treeIds: Int32Array;
  /** Within its tree, from 0 (the root). */
  readonly nodeIds: Int32Array;
  /** What a node is: 0 LEAF, 1 BRANCH_LEQ, 2 BRANCH_EQ. */
  readonly isBranch: Uint8Array;
  readonly featureIds: Int32Array;
  readonly values: Float32Array;
  readonly trueNodeIds: Int32Array;
  readonly falseNodeIds: Int32Array;
  /** 1 where NaN takes the true branch. */
  readonly missingTracksTrue: Uint8Array;
  /** One entry per leaf. */
  readonly leafTreeIds: Int32Array;
  readonly leafNodeIds: Int32Array;
  readonly leafWeights: Float64Array;
}

/**
 * What LightGBM's predictor takes for zero: a value of magnitude up to 1e-35 (as a float32, kZeroThreshold
 * in its meta.h) counts as 0, whatever the missing type.
 */
export const ZERO_BOUND = Math.fround(1e-35);

/**
 * The float32 that a float32 feature is compared with, so that `x <= result` sends every x where
 * LightGBM's predictor sends it, for a threshold in double precision.
 *
 * Thresholds among the values that count as 0 are moved to the edge: all those values go the
 * way of 0. Other thresholds are rounded down.
 *
 * @example
 * floatThreshold(0.1); // 0.09999999403953552
 */
export function floatThreshold(threshold: number): number {
  if (threshold >= 0 && threshold < ZERO_BOUND) return ZERO_BOUND;
  if (threshold < 0 && threshold >= -ZERO_BOUND) return nextBelow(-ZERO_BOUND);
  return roundDownToFloat32(threshold);
}

/**
 * Lays the trees out as the attributes of one TreeEnsembleRegressor, whose input are the features and after them the category
 * columns of `chains`.
 */
export function toTreeEnsemble(trees: LightGBMTrees, chains: CategoricalChains): TreeEnsemble {
  const leaves = trees.leafValue.length;
  const total = trees.threshold.length + leaves + extraNodes(chains);
  const ensemble: TreeEnsemble = {
    treeIds: new Int32Array(total),
    nodeIds: new Int32Array(total),
    isBranch: new Uint8Array(total),
    featureIds: new Int32Array(total),
    values: new Float32Array(total),
    trueNodeIds: new Int32Array(total),
    falseNodeIds: new Int32Array(total),
    missingTracksTrue: new Uint8Array(total),
    leafTreeIds: new Int32Array(leaves),
    leafNodeIds: new Int32Array(leaves),
    leafWeights: trees.leafValue,
  };
  for (let tree = 0, at = 0; tree < trees.trees; tree++)
    at = placeTree(ensemble, at, { trees, tree, chains });
  return ensemble;
}

/** Writes one tree from index `at` on and gives the index after it. */
function placeTree(
  ensemble: TreeEnsemble,
  at: number,
  { trees, tree, chains }: { trees: LightGBMTrees; tree: number; chains: CategoricalChains },
): number {
  const firstNode = trees.nodeOffsets[tree];
  const firstLeaf = trees.leafOffsets[tree];
  const nodes = trees.nodeOffsets[tree + 1] - firstNode;
  const leaves = trees.leafOffsets[tree + 1] - firstLeaf;
  const idOf = (child: number) => (child < 0 ? nodes - child - 1 : child);
  /** Nodes of chains beyond the first come after the leaves. */
  let size = nodes + leaves;
  for (let id = 0; id < nodes; id++) {
    const node = firstNode + id;
    const chain = chains.branches.get(node);
    const [left, right] = [idOf(trees.leftChild[node]), idOf(trees.rightChild[node])];
    if (chain === undefined) {
      const feature = trees.splitFeature[node];
      const threshold = trees.threshold[node];
      setBranch(id, { mode: 1, feature, value: floatThreshold(threshold), left, right });
      ensemble.missingTracksTrue[at + id] = nanGoesLeft(trees.decisionType[node], threshold) ? 1 : 0;
      continue;
    }
    // All of a chain share the true branch; NaN equals nothing and so comes to the end of it.
    for (const [i, { column, value }] of chain.entries()) {
      const own = i === 0 ? id : size++;
      const next = i === chain.length - 1 ? right : size;
      const feature = trees.featureNames.length + column;
      setBranch(own, { mode: 2, feature, value, left, right: next });
    }
  }
  for (let id = 0; id < size; id++) {
    ensemble.treeIds[at + id] = tree;
    ensemble.nodeIds[at + id] = id;
  }
  for (let leaf = 0; leaf < leaves; leaf++) {
    ensemble.leafTreeIds[firstLeaf + leaf] = tree;
    ensemble.leafNodeIds[firstLeaf + leaf] = nodes + leaf;
  }
  return at + size;

  function setBranch(
    id: number,
    branch: { mode: 1 | 2; feature: number; value: number; left: number; right: number },
  ): void {
    ensemble.isBranch[at + id] = branch.mode;
    ensemble.featureIds[at + id] = branch.feature;
    ensemble.values[at + id] = branch.value;
    ensemble.trueNodeIds[at + id] = branch.left;
    ensemble.falseNodeIds[at + id] = branch.right;
  }
}

/** Where the missing type is none, LightGBM scores NaN as 0 (`NumericalDecision` in its tree.h). */
function nanGoesLeft(decisionType: number, threshold: number): boolean {
  return missingType(decisionType) === 'nan' ? isDefaultLeft(decisionType) : 0 <= threshold;
}
