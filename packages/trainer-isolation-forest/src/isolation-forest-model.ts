import { createRequire } from 'node:module';
import {
  assertRows,
  assertSameColumns,
  type FeatureMatrix,
  type PredictOptions,
  scoreInParts,
  type TrainedModel,
} from '@risk-scoring/contract';
import { countTrees, importances } from './forest.ts';
import { type SavedForest, writeForest } from './forest-text.ts';
import { scoreRows } from './score-rows.ts';
import { forestToOnnx } from './to-onnx.ts';
import { toWalkable } from './walkable-forest.ts';
import { score as scoreInThread } from './worker/run-task.ts';

/** Up to so many ways down a tree are gone in the calling thread, in a few milliseconds: sooner than a thread starts. */
const INLINE_WALKS = 100_000;
/** Ways that are worth a thread of their own. */
const WALKS_PER_THREAD = 2_000_000;

/** A grown or loaded forest as a model. It holds no native memory. */
export function createIsolationForestModel(saved: SavedForest): TrainedModel {
  const { forest, hyperparameters } = saved;
  const walkable = toWalkable(forest);

  async function score(data: FeatureMatrix, { rows, output = 'probability' }: PredictOptions) {
    assertSameColumns(data, forest.featureNames, 'this isolation forest');
    assertRows(data, rows);
    return scoreInParts(data, {
      rows,
      costPerRow: countTrees(forest),
      inline: INLINE_WALKS,
      perThread: WALKS_PER_THREAD,
      here: (part) => scoreRows({ ...part, forest: walkable, output }),
      inThread: (part) => scoreInThread({ ...part, forest: walkable, output }),
    });
  }

  return {
    specificationVersion: 'v1',
    predict: (data, options = {}) => score(data, options),
    artifacts: async () => [
      { role: 'native', extension: '.iforest', bytes: new TextEncoder().encode(writeForest(saved)) },
      { role: 'onnx', extension: '.onnx', bytes: forestToOnnx(forest) },
    ],
    describe: () => ({
      hyperparameters,
      featureNames: forest.featureNames,
      numTrees: countTrees(forest),
      bestIteration: countTrees(forest),
      importances: importances(forest),
      libraries: { '@risk-scoring/trainer-isolation-forest': packageVersion() },
    }),
    dispose: async () => {},
  };
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const { version } = require('@risk-scoring/trainer-isolation-forest/package.json') as { version: string };
  return version;
}
