import {
  assertRows,
  assertSameColumns,
  type FeatureMatrix,
  type PredictOptions,
  scoreInParts,
  type TrainedModel,
} from '@risk-scoring/contract';
import { countProducts } from './network/network.ts';
import { scoreRows, toScoring } from './network/score-rows.ts';
import { type SavedNetwork, writeNetwork } from './network-file.ts';
import { networkToOnnx } from './to-onnx.ts';
import { score as scoreInThread } from './worker/run-task.ts';

/** Up to so many multiplications are done in the calling thread, in a few milliseconds: sooner than a thread starts. */
const INLINE_PRODUCTS = 5_000_000;
/** Multiplications that are worth a thread of their own. */
const PRODUCTS_PER_THREAD = 100_000_000;

/** A trained or loaded network as a model. It holds no native memory. */
export function createNeuralNetModel(saved: SavedNetwork): TrainedModel {
  const { network, hyperparameters, bestEpoch, importances, libraries } = saved;
  const scoring = toScoring(network);

  async function score(data: FeatureMatrix, { rows, output = 'probability' }: PredictOptions) {
    assertSameColumns(data, network.featureNames, 'this neural net');
    assertRows(data, rows);
    return scoreInParts(data, {
      rows,
      costPerRow: countProducts(network),
      inline: INLINE_PRODUCTS,
      perThread: PRODUCTS_PER_THREAD,
      here: (part) => scoreRows({ ...part, network: scoring, output }),
      inThread: (part) => scoreInThread({ ...part, network: scoring, output }),
    });
  }

  return {
    specificationVersion: 'v1',
    predict: (data, options = {}) => score(data, options),
    artifacts: async () => [
      { role: 'native', extension: '.mlp', bytes: writeNetwork(saved) },
      { role: 'onnx', extension: '.onnx', bytes: networkToOnnx(network) },
    ],
    describe: () => ({
      hyperparameters,
      featureNames: network.featureNames,
      numTrees: 0,
      bestIteration: bestEpoch,
      importances,
      libraries,
    }),
    dispose: async () => {},
  };
}
