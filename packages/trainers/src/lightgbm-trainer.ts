import {
  checkTeaching,
  type FeatureMatrix,
  InvalidInputError,
  type ModelArtifact,
  type ModelTrainer,
  nativeArtifact,
  type PreparedData,
  type TrainedModel,
  type TrainRequest,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { describeLibrary, type SessionDataset } from '@risk-scoring/lightgbm';
import { parseLightGBMModel } from '@risk-scoring/onnx';
import { createLightGBMModel, namedMatrix } from './lightgbm-model.ts';
import { type LightGBMTrainerOptions, type SettledOptions, settleOptions } from './lightgbm-parameters.ts';
import { leaseSession, type SessionLease } from './session-lease.ts';

/** Bins in a session, behind the handle that a caller holds. */
interface Bins {
  readonly data: FeatureMatrix;
  readonly lease: SessionLease;
  readonly dataset: SessionDataset;
}

/**
 * The default trainer: LightGBM's own library, in a worker thread, with early stopping on the validation rows. The
 * same request gives the same trees, whatever the number of threads.
 *
 * Defaults: objective binary, num_leaves 31, learning_rate 0.05, feature_fraction 0.9, bagging_fraction 0.8, bagging_freq 5,
 * min_data_in_leaf 20; at most 1000 trees, stopping after 50 without a better log loss.
 *
 * A row with a counter-weight is learned and validated twice: with its label and weight, and as the opposite class with the
 * counter-weight (Elkan & Noto 2008); where its weight is 0, as the opposite class alone.
 *
 * @throws {LightGBMParameterError} for parameters that LightGBM does not know
 * @throws {UnconvertibleParametersError} for parameters whose model could not become ONNX
 * @example
 * const trainer = createLightGBMTrainer({ parameters: { num_leaves: 63 } });
 * const model = await trainer.train({ data, trainRows, validationRows, labels, weights, seed: 42 });
 */
export function createLightGBMTrainer(options: LightGBMTrainerOptions = {}): ModelTrainer {
  const settled = settleOptions(options);
  const binsOf = new WeakMap<PreparedData, Bins>();
  return {
    specificationVersion: 'v1',
    name: 'lightgbm',
    modelTypes: ['alert_scorer'],
    takesCounterWeights: true,
    hyperparameters: hyperparameters(settled),

    async prepare(data, rows) {
      const bins = await findBins(data, rows, settled);
      const prepared: PreparedData = { dispose: () => disposeBins(bins) };
      binsOf.set(prepared, bins);
      return prepared;
    },

    async train(request) {
      checkTeaching({ ...request, rows: request.data.rows });
      throwIfCancelled(request.signal, 'training');
      if (request.prepared === undefined) {
        const rows = Int32Array.from([...request.trainRows, ...request.validationRows]).sort();
        const bins = await findBins(request.data, rows, settled);
        try {
          return await trainOn(bins, request, settled);
        } finally {
          await disposeBins(bins);
        }
      }
      const bins = binsOf.get(request.prepared);
      if (bins === undefined || bins.data !== request.data) {
        throw new InvalidInputError({
          what: 'The prepared data',
          expected: 'what prepare() of this trainer returned for the same matrix',
          found: bins === undefined ? "another trainer's" : "another matrix's",
        });
      }
      return trainOn(bins, request, settled);
    },

    load: (artifacts) => loadModel(artifacts),
  };
}

async function findBins(
  data: FeatureMatrix,
  rows: Int32Array,
  { parameters }: SettledOptions,
): Promise<Bins> {
  const lease = await leaseSession();
  try {
    const dataset = await lease.session.createDataset({
      matrix: namedMatrix(data),
      selected: rows,
      parameters,
    });
    return { data, lease, dataset };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function disposeBins({ dataset, lease }: Bins): Promise<void> {
  await dataset.dispose();
  await lease.release();
}

async function trainOn(bins: Bins, request: TrainRequest, settled: SettledOptions): Promise<TrainedModel> {
  const { trainRows, validationRows, labels, weights, counterWeights, seed, signal, onProgress } = request;
  const lease = bins.lease.share();
  try {
    const stopsEarly = validationRows.length > 0 && settled.earlyStoppingRounds > 0;
    const result = await lease.session.train({
      dataset: bins.dataset,
      trainRows,
      validationRows,
      labels,
      weights,
      counterWeights,
      parameters: { ...settled.parameters, seed },
      maxRounds: settled.maxRounds,
      ...(stopsEarly
        ? {
            earlyStoppingRounds: settled.earlyStoppingRounds,
            earlyStoppingMetric: settled.earlyStoppingMetric,
          }
        : {}),
      signal,
      onProgress,
    });
    const model = await lease.session.loadModel(result.model);
    return createLightGBMModel({
      lease,
      model,
      text: result.model,
      description: {
        hyperparameters: { ...hyperparameters(settled), seed },
        featureNames: model.featureNames,
        numTrees: result.numTrees,
        bestIteration: result.bestIteration,
        importances: Array.from(model.gains),
        libraries: { lightgbm: describeLibrary().version },
      },
    });
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function loadModel(artifacts: readonly ModelArtifact[]): Promise<TrainedModel> {
  const { bytes } = nativeArtifact(artifacts, "LightGBM's text format");
  const text = new TextDecoder().decode(bytes);
  const lease = await leaseSession();
  try {
    const model = await lease.session.loadModel(text);
    const parsed = parseLightGBMModel(text);
    return createLightGBMModel({
      lease,
      model,
      text,
      description: {
        hyperparameters: Object.fromEntries(parsed.parameters),
        featureNames: model.featureNames,
        numTrees: model.numTrees,
        bestIteration: model.numTrees / parsed.treesPerIteration,
        importances: Array.from(model.gains),
        libraries: { lightgbm: describeLibrary().version },
      },
    });
  } catch (error) {
    await lease.release();
    throw error;
  }
}

function hyperparameters(settled: SettledOptions): Record<string, unknown> {
  const { parameters, maxRounds, earlyStoppingRounds, earlyStoppingMetric } = settled;
  return {
    ...parameters,
    max_rounds: maxRounds,
    early_stopping_rounds: earlyStoppingRounds,
    early_stopping_metric: earlyStoppingMetric,
  };
}
