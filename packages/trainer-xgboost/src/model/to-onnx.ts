import { encodeTreeEnsemble, type TreeEnsemble } from '@risk-scoring/onnx';
import { nextBelow } from './next-below.ts';
import type { XGBoostModel } from './parse-model.ts';
import { countTrees, type Trees } from './trees.ts';

/**
 * The ONNX twin. XGBoost sends a row left where x < t, ONNX's BRANCH_LEQ where x <= t: so t becomes the float32 next below. The base margin is the leaf of a tree of its
 * own; leaves are added in double precision.
 */
export function modelToOnnx(model: XGBoostModel): Uint8Array {
  return encodeTreeEnsemble({
    name: 'xgboost',
    featureNames: model.featureNames,
    ensemble: ensembleOf(withConstant(model.trees, model.baseMargin)),
    link: model.link,
    factor: 1,
    properties: {
      objective: model.objective,
      trees: String(countTrees(model.trees)),
      source: `XGBoost ${model.version}`,
    },
  });
}

/** The trees and one more, which is a leaf alone. */
function withConstant(trees: Trees, value: number): Trees {
  const { treeOffsets, feature, threshold, left, missingRight, gain } = trees;
  return {
    treeOffsets: Int32Array.from([...treeOffsets, feature.length + 1]),
    feature: Int32Array.from([...feature, -1]),
    threshold: Float32Array.from([...threshold, value]),
    left: Int32Array.from([...left, 0]),
    missingRight: Uint8Array.from([...missingRight, 0]),
    gain: Float32Array.from([...gain, 0]),
  };
}

function ensembleOf(trees: Trees): TreeEnsemble {
  const { treeOffsets, feature, threshold, left, missingRight } = trees;
  const { treeIds, nodeIds } = idsOf(trees);
  const isBranch = Uint8Array.from(feature, (column) => (column < 0 ? 0 : 1));
  const leaves = Int32Array.from(feature.keys()).filter((node) => isBranch[node] === 0);
  // Children are numbered within their tree: by where they stand, less where the tree begins.
  const leftIds = left.map((child, node) =>
    isBranch[node] === 1 ? child - (treeOffsets[treeIds[node] as number] as number) : 0,
  );
  return {
    treeIds,
    nodeIds,
    isBranch,
    featureIds: feature.map((column) => Math.max(column, 0)),
    values: threshold.map((value, node) => (isBranch[node] === 1 ? nextBelow(value) : 0)),
    trueNodeIds: leftIds,
    falseNodeIds: leftIds.map((child, node) => child + (isBranch[node] as number)),
    missingTracksTrue: missingRight.map((right, node) => (isBranch[node] as number) * (1 - right)),
    leafTreeIds: leaves.map((node) => treeIds[node] as number),
    leafNodeIds: leaves.map((node) => nodeIds[node] as number),
    leafWeights: Float64Array.from(leaves, (node) => threshold[node] as number),
  };
}

function idsOf({ treeOffsets, feature }: Trees): { treeIds: Int32Array; nodeIds: Int32Array } {
  const treeIds = new Int32Array(feature.length);
  const nodeIds = new Int32Array(feature.length);
  for (let tree = 0; tree + 1 < treeOffsets.length; tree++) {
    const root = treeOffsets[tree] as number;
    for (let node = root; node < (treeOffsets[tree + 1] as number); node++) {
      treeIds[node] = tree;
      nodeIds[node] = node - root;
    }
  }
  return { treeIds, nodeIds };
}
