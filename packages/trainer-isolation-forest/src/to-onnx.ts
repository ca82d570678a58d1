import { encodeTreeEnsemble, type TreeEnsemble } from '@risk-scoring/onnx';
import { countTrees, type Forest, leafPathLengths } from './forest.ts';
import { averagePathLength } from './path-length.ts';

/**
 * The ONNX twin: a `TreeEnsembleRegressor` whose leaves hold −h/trees, so that their sum is −E(h), the raw score, and the probability
 * 2^(raw/c) = exp(raw · ln 2/c). Thresholds are float32 numbers, as the features are, so every row takes the same way.
 */
export function forestToOnnx(forest: Forest): Uint8Array {
  return encodeTreeEnsemble({
    name: 'isolation_forest',
    featureNames: forest.featureNames,
    ensemble: ensembleOf(forest),
    link: 'exponential',
    factor: Math.LN2 / averagePathLength(forest.sampleSize),
    properties: {
      trees: String(countTrees(forest)),
      sample_size: String(forest.sampleSize),
      source: 'isolation forest',
    },
  });
}

function ensembleOf(forest: Forest): TreeEnsemble {
  const { nodeOffsets, feature, threshold, left, missingLeft } = forest;
  const lengths = leafPathLengths(forest);
  const nodes = feature.length;
  const trees = countTrees(forest);
  const treeIds = new Int32Array(nodes);
  const nodeIds = new Int32Array(nodes);
  for (let tree = 0; tree < trees; tree++) {
    const root = nodeOffsets[tree] as number;
    for (let node = root; node < (nodeOffsets[tree + 1] as number); node++) {
      treeIds[node] = tree;
      nodeIds[node] = node - root;
    }
  }
  const leaves = Int32Array.from(feature.keys()).filter((node) => (feature[node] as number) < 0);
  const isBranch = Uint8Array.from(feature, (column) => (column < 0 ? 0 : 1));
  return {
    treeIds,
    nodeIds,
    isBranch,
    featureIds: feature.map((column) => Math.max(column, 0)),
    values: threshold,
    trueNodeIds: left,
    falseNodeIds: left.map((child, node) => child + (isBranch[node] as number)),
    missingTracksTrue: missingLeft,
    leafTreeIds: leaves.map((node) => treeIds[node] as number),
    leafNodeIds: leaves.map((node) => nodeIds[node] as number),
    leafWeights: Float64Array.from(leaves, (node) => -(lengths[node] as number) / trees),
  };
}
