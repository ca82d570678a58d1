import { availableParallelism } from 'node:os';
import {
  assertRows,
  assertSameColumns,
  type FeatureMatrix,
  type PredictOptions,
  shareRows,
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
    const count = rows?.length ?? data.rows;
    const products = count * countProducts(network);
    if (products <= INLINE_PRODUCTS) {
      const values = { values: data.values, rows: data.rows, columns: data.columns.length };
      return scoreRows({ ...values, network: scoring, selected: rows, start: 0, end: count, output });
    }
    const shared = shareRows(data, rows);
    const threads = Math.min(availableParallelism(), Math.ceil(products / PRODUCTS_PER_THREAD));
    const parts = Array.from({ length: threads }, (_, i) => {
      const [start, end] = [Math.floor((i * count) / threads), Math.floor(((i + 1) * count) / threads)];
      return scoreInThread({ ...shared, network: scoring, start, end, output });
    });
    return joined(await Promise.all(parts), count);
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

function joined(parts: readonly Float64Array[], count: number): Float64Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
