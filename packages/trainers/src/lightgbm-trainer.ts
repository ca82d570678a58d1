import {
  checkTeaching,
  InvalidInputError,
  type ModelTrainer,
  type PreparedData,
  type TrainRequest,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { assertCountable, type Bins, disposeBins, findBins } from './lightgbm-bins.ts';
import {
  hyperparametersOf,
  type LightGBMTrainerOptions,
  type SettledOptions,
  settleOptions,
} from './lightgbm-parameters.ts';
import { loadLightGBMModel } from './load-lightgbm-model.ts';
import { checkRanking } from './ranking/check-ranking.ts';
import { stopsEarly, trainOnBins } from './train-on-bins.ts';

/**
 * The default trainer: LightGBM's own library, in a worker thread, with early stopping on the validation rows. The
 * same request gives the same trees, whatever the number of threads.
 *
 * Defaults: objective binary, num_leaves 31, learning_rate 0.05, feature_fraction 0.9, bagging_fraction 0.8, bagging_freq 5,
 * min_data_in_leaf 20; at most 1000 trees, stopping after 50 without a better log loss. A ranker (`modelType: 'alert_ranker'`): objective
 * lambdarank (Burges 2010, "From RankNet to LambdaRank to LambdaMART"), learning_rate 0.1, stopping by ndcg@10; it learns from `relevance`, or from the
 * labels without it.
 *
 * A row with a counter-weight is learned and validated twice: with its label and weight, and as the opposite class with the
 * counter-weight (Elkan & Noto 2008); where its weight is 0, as the opposite class alone. Rankers take none.
 *
 * @throws {InvalidInputError} for options that cannot be meant
 * @throws {LightGBMParameterError} for parameters that LightGBM does not know
 * @throws {UnconvertibleParametersError} for parameters whose model could not become ONNX
 * @example
 * const trainer = createLightGBMTrainer({ parameters: { num_leaves: 63 }, monotoneConstraints: { total_volume: 1 } });
 * const model = await trainer.train({ data, trainRows, validationRows, labels, weights, seed: 42 });
 */
export function createLightGBMTrainer(options: LightGBMTrainerOptions = {}): ModelTrainer {
  const settled = settleOptions(options);
  const binsOf = new WeakMap<PreparedData, Bins>();
  return {
    specificationVersion: 'v1',
    name: 'lightgbm',
    modelTypes: settled.ranks ? ['alert_ranker'] : ['alert_scorer', 'cluster_scorer'],
    takesCounterWeights: !settled.ranks,
    hyperparameters: hyperparametersOf(settled),

    async prepare(data, rows) {
      assertCountable(data);
      const bins = await findBins(data, rows, { settled });
      const prepared: PreparedData = { dispose: () => disposeBins(bins) };
      binsOf.set(prepared, bins);
      return prepared;
    },

    async train(request) {
      assertCountable(request.data);
      checkRequest(request, settled);
      throwIfCancelled(request.signal, 'training');
      if (request.prepared === undefined) {
        const rows = Int32Array.from([...request.trainRows, ...request.validationRows]);
        const bins = await findBins(request.data, rows, { settled, signal: request.signal });
        try {
          return await trainOnBins(bins, request, settled);
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
      return trainOnBins(bins, request, settled);
    },

    load: (artifacts) => loadLightGBMModel(artifacts),
  };
}

function checkRequest(request: TrainRequest, settled: SettledOptions): void {
  if (!settled.ranks) {
    checkTeaching({ ...request, rows: request.data.rows });
    return;
  }
  // LightGBM has gains for 31 grades of its own.
  const { label_gain: gains } = settled.parameters;
  const grades = Array.isArray(gains)
    ? gains.length
    : gains === undefined
      ? 31
      : String(gains).split(',').length;
  checkRanking(request, { grades, stopsEarly: stopsEarly(request, settled) });
}
