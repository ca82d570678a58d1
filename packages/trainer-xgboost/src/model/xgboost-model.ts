import {
  assertRows,
  assertSameColumns,
  type FeatureMatrix,
  type PredictOptions,
  scoreInParts,
  type TrainedModel,
} from '@risk-scoring/contract';
import { score as scoreInThread } from '../worker/run-task.ts';
import { parseModel, type XGBoostModel } from './parse-model.ts';
import { scoreRows } from './score-rows.ts';
import { modelToOnnx } from './to-onnx.ts';
import { countTrees, importancesOf } from './trees.ts';

/** The attribute of XGBoost's model in which the trainer keeps what it was told. */
export const HYPERPARAMETERS = 'risk_scoring_hyperparameters';

/** Up to so many ways down a tree are gone in the calling thread, in a few milliseconds: sooner than a thread starts. */
const INLINE_WALKS = 100_000;
/** Ways that are worth a thread of their own. */
const WALKS_PER_THREAD = 2_000_000;

/**
 * A model in XGBoost's JSON format as one that predicts: without the native library, and without native memory.
 *
 * @throws {XGBoostModelError} where it is not one that this package can predict with
 */
export function createXGBoostModel(bytes: Uint8Array): TrainedModel {
  const model = parseModel(bytes);
  const { trees, featureNames } = model;
  return {
    specificationVersion: 'v1',
    predict: (data, options = {}) => score(model, data, options),
    artifacts: async () => [
      { role: 'native', extension: '.xgb', bytes: bytes.slice() },
      { role: 'onnx', extension: '.onnx', bytes: modelToOnnx(model) },
    ],
    describe() {
      const { totalGain, splits } = importancesOf(trees, featureNames.length);
      return {
        hyperparameters: hyperparametersOf(model),
        featureNames,
        numTrees: countTrees(trees),
        bestIteration: countTrees(trees) / model.treesPerIteration,
        importances: totalGain,
        splits,
        libraries: { xgboost: model.version },
      };
    },
    dispose: async () => {},
  };
}

async function score(
  { trees, featureNames, baseMargin, link }: XGBoostModel,
  data: FeatureMatrix,
  { rows, output = 'probability' }: PredictOptions,
): Promise<Float64Array> {
  assertSameColumns(data, featureNames, 'this XGBoost model');
  assertRows(data, rows);
  const how = { trees, baseMargin, logistic: link === 'logistic' && output === 'probability' };
  return scoreInParts(data, {
    rows,
    costPerRow: countTrees(trees),
    inline: INLINE_WALKS,
    perThread: WALKS_PER_THREAD,
    here: (part) => scoreRows({ ...how, ...part }),
    inThread: (part) => scoreInThread({ ...how, ...part }),
  });
}

/** Of a model that another program trained, its objective is all that is known. */
function hyperparametersOf({ attributes, objective }: XGBoostModel): Record<string, unknown> {
  const text = attributes[HYPERPARAMETERS];
  if (text === undefined) return { objective };
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : { objective };
  } catch {
    return { objective };
  }
}
