import {
  assertRows,
  checkTeaching,
  type ModelTrainer,
  nativeArtifact,
  shareRows,
  type TrainRequest,
} from '@risk-scoring/contract';
import { readNetwork } from './network-file.ts';
import { createNeuralNetModel } from './neural-net-model.ts';
import {
  hyperparametersOf,
  type NeuralNetTrainerOptions,
  type SettledOptions,
  settleOptions,
} from './options.ts';
import { weighRows } from './training/teaching.ts';
import { type Trained, train } from './worker/run-task.ts';

/**
 * A multilayer perceptron for alerts or clusters: scaling of the raw features, missing values and all, inside the model; hidden layers of Dense, batch
 * normalisation (Ioffe, Szegedy 2015), ReLU and dropout (Srivastava and others 2014); one output with the logistic link. It is trained by Adam (Kingma,
 * Ba 2015) on the weighted binary cross-entropy, in a worker thread, and is that of the epoch with the least validation loss. Without validation rows
 * it trains for 20 epochs, or `maxEpochs` where that is less.
 *
 * @throws {InvalidInputError} for options of another kind or out of range; by `train`, for labels, weights or rows that nothing can be learned from
 * @throws {SingleClassError} by `train`, where the training rows teach one class only
 * @throws {NeuralNetDivergedError} by `train`, where the learning rate is too large
 * @throws {CancelledError} by `train`, when the signal aborts: within one step
 * @throws {NeuralNetModelError} by `load`, for a file that is no network, or not a whole one
 * @example
 * const trainer = createNeuralNetTrainer({ hiddenLayers: [64, 32] });
 * const model = await trainer.train({ data, trainRows, validationRows, labels, weights, seed: 42 });
 * const probabilities = await model.predict(data, { rows: testRows });
 */
export function createNeuralNetTrainer(options: NeuralNetTrainerOptions = {}): ModelTrainer {
  const settled = settleOptions(options);
  const hyperparameters = hyperparametersOf(settled);
  return {
    specificationVersion: 'v1',
    name: 'neural-net',
    modelTypes: ['alert_scorer', 'cluster_scorer'],
    hyperparameters,
    takesCounterWeights: true,
    async train(request) {
      const { network, bestEpoch, importances, libraries } = await trainOn(request, settled);
      return createNeuralNetModel({
        network,
        bestEpoch,
        importances,
        libraries,
        hyperparameters: { ...hyperparameters, seed: request.seed },
      });
    },
    async load(artifacts) {
      return createNeuralNetModel(readNetwork(nativeArtifact(artifacts, 'the .mlp file').bytes));
    },
  };
}

function trainOn(request: TrainRequest, settings: SettledOptions): Promise<Trained> {
  const { data, trainRows, validationRows, seed, signal, onProgress } = request;
  assertRows(data, trainRows);
  assertRows(data, validationRows);
  checkTeaching({ ...request, rows: data.rows });
  const teaching = weighRows(request, settings.classWeight);
  const { selected, ...values } = shareRows(data, teaching.rows);
  const rows = selected ?? Int32Array.from({ length: values.rows }, (_, row) => row);
  return train(
    {
      ...values,
      featureNames: data.columns.map((column) => column.name),
      teaching: { ...teaching, rows },
      settings,
      exactEpochs: request.refitOf?.bestIteration,
      seed,
    },
    {
      signal,
      onEpoch: ({ epoch, epochs, loss }) =>
        onProgress?.({
          iteration: epoch,
          maxIterations: epochs,
          ...(loss === undefined ? {} : { metric: { name: 'binary_logloss', value: loss } }),
        }),
    },
  );
}
