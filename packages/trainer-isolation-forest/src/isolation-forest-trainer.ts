import {
  assertRows,
  InvalidInputError,
  type ModelTrainer,
  nativeArtifact,
  shareRows,
  type TrainRequest,
} from '@risk-scoring/contract';
import type { Forest } from './forest.ts';
import { readForest } from './forest-text.ts';
import { createIsolationForestModel } from './isolation-forest-model.ts';
import {
  hyperparametersOf,
  type IsolationForestTrainerOptions,
  type SettledOptions,
  settleOptions,
} from './options.ts';
import { grow } from './worker/run-task.ts';

/**
 * An isolation forest (Liu, Ting, Zhou 2008, "Isolation Forest", ICDM): how easily a row is told apart from the others by random splits, learned
 * from the features of the training rows alone. Labels, weights and validation rows mean nothing to it; the rows may be unlabelled.
 *
 * A model's `probability` is the paper's score s = 2^(−E(h)/c), 0.5 for a row of average path length and towards 1 for outliers: it orders
 * rows, and is a probability only once it is calibrated. Its `raw` is −E(h), minus the mean path length, in splits.
 *
 * @throws {InvalidInputError} for options that are no whole numbers or out of range; by `train`, for training rows that are fewer than
 *   two, not in the matrix or alike in every column
 * @example
 * const trainer = createIsolationForestTrainer({ trees: 200 });
 * const model = await trainer.train({ data, trainRows, validationRows: new Int32Array(), labels, weights, seed: 42 });
 * const scores = await model.predict(data, { rows: testRows });
 */
export function createIsolationForestTrainer(options: IsolationForestTrainerOptions = {}): ModelTrainer {
  const settled = settleOptions(options);
  const hyperparameters = hyperparametersOf(settled);
  return {
    specificationVersion: 'v1',
    name: 'isolation-forest',
    modelTypes: ['alert_scorer', 'cluster_scorer'],
    hyperparameters,
    unsupervised: true,
    async train(request) {
      const forest = await growOn(request, settled);
      return createIsolationForestModel({
        forest,
        hyperparameters: { ...hyperparameters, seed: request.seed },
      });
    },
    async load(artifacts) {
      const { bytes } = nativeArtifact(artifacts, 'the .iforest file');
      return createIsolationForestModel(readForest(new TextDecoder().decode(bytes)));
    },
  };
}

async function growOn(
  request: TrainRequest,
  { trees, sampleSize, maxFeatures }: SettledOptions,
): Promise<Forest> {
  const { data, trainRows, seed, signal, onProgress } = request;
  assertRows(data, trainRows);
  if (trainRows.length < 2) {
    throw new InvalidInputError({
      what: 'The training rows',
      expected: 'at least 2 rows to tell apart',
      found: trainRows.length,
    });
  }
  const { selected, ...values } = shareRows(data, trainRows);
  const forest = await grow(
    {
      ...values,
      trainRows: selected ?? Int32Array.from({ length: values.rows }, (_, row) => row),
      featureNames: data.columns.map((column) => column.name),
      trees,
      sampleSize,
      maxFeatures: maxFeatures ?? data.columns.length,
      seed,
    },
    { signal, onTree: (iteration) => onProgress?.({ iteration, maxIterations: trees }) },
  );
  if (forest.feature.every((column) => column < 0)) {
    throw new InvalidInputError({
      what: 'The training rows',
      expected: 'some column with different values',
      found: `samples of ${trainRows.length} rows that are alike in every column`,
    });
  }
  return forest;
}
