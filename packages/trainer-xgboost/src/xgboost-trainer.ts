import {
  assertRows,
  checkTeaching,
  InvalidInputError,
  type ModelTrainer,
  nativeArtifact,
  shareRows,
  type TrainRequest,
} from '@risk-scoring/contract';
import { createXGBoostModel, HYPERPARAMETERS } from './model/xgboost-model.ts';
import {
  hyperparametersOf,
  type SettledOptions,
  settleOptions,
  type XGBoostTrainerOptions,
} from './options/options.ts';
import { checkRanking, gradesOf } from './training/grades.ts';
import type { Teaching } from './training/lesson.ts';
import type { TrainingInput } from './training/train-trees.ts';
import { train } from './worker/run-task.ts';

/**
 * XGBoost's own library, in a worker thread, with early stopping on the validation rows: the model is cut to its best iteration. Training needs the library
 * (see {@link describeXGBoost}); predicting, loading and converting do not. The same request gives the same bytes with the same number of threads.
 *
 * Defaults: objective binary:logistic, max_depth 6, learning_rate 0.1, tree_method hist; at most 100 iterations, stopping after 10 without a better log loss.
 * With `modelType: 'alert_ranker'`: objective rank:pairwise on `data.queryIds` and `relevance`, watching ndcg@10; XGBoost weighs queries, by the mean of their rows.
 *
 * A row with a counter-weight is learned and validated twice: with its label and weight, and as the opposite class with the
 * counter-weight (Elkan & Noto 2008); where its weight is 0, as the opposite class alone. A ranker takes none.
 *
 * @throws {InvalidInputError} for options out of range; by `train`, for rows without label, wrong weights, values that are infinite
 * @throws {XGBoostParameterError} for parameters that XGBoost does not know
 * @throws {UnconvertibleParametersError} for parameters whose model could not become ONNX
 * @throws {XGBoostLibraryNotFoundError} by `train`, where there is no library
 * @throws {XGBoostCallError} by `train`, where XGBoost refuses a value
 * @example
 * const trainer = createXGBoostTrainer({ parameters: { max_depth: 4 }, maxRounds: 500 });
 * const model = await trainer.train({ data, trainRows, validationRows, labels, weights, seed: 42 });
 */
export function createXGBoostTrainer(options: XGBoostTrainerOptions = {}): ModelTrainer {
  const settled = settleOptions(options);
  const isRanker = settled.kind === 'ranker';
  return {
    specificationVersion: 'v1',
    name: 'xgboost',
    modelTypes: isRanker ? ['alert_ranker'] : ['alert_scorer', 'cluster_scorer'],
    takesCounterWeights: !isRanker,
    hyperparameters: hyperparametersOf(settled),
    async train(request) {
      const { signal, onProgress } = request;
      return createXGBoostModel(await train(trainingOf(request, settled), { signal, onProgress }));
    },
    async load(artifacts) {
      return createXGBoostModel(nativeArtifact(artifacts, "XGBoost's JSON model, .xgb").bytes);
    },
  };
}

function trainingOf(request: TrainRequest, settled: SettledOptions): TrainingInput {
  const { data, trainRows, validationRows, seed } = request;
  assertRows(data, trainRows);
  assertRows(data, validationRows);
  const teaching = teachingOf(request, settled);
  if (!Number.isSafeInteger(seed))
    throw new InvalidInputError({ what: 'The seed', expected: 'a whole number', found: seed });
  const selected = new Int32Array(trainRows.length + validationRows.length);
  selected.set(trainRows);
  selected.set(validationRows, trainRows.length);
  selected.sort();
  const shared = shareRows(data, selected);
  const hyperparameters = { ...hyperparametersOf(settled), seed };
  return {
    matrix: { values: shared.values, rows: shared.rows, columns: shared.columns },
    selected: shared.selected === undefined ? selected : undefined,
    trainRows,
    validationRows,
    teaching,
    featureNames: data.columns.map((column) => column.name),
    parameters: {
      ...Object.fromEntries(Object.entries(settled.parameters).map(([name, value]) => [name, String(value)])),
      nthread: String(settled.threads),
      seed: String(seed),
      eval_metric: settled.earlyStoppingMetric,
    },
    maxRounds: request.refitOf?.bestIteration ?? settled.maxRounds,
    earlyStoppingRounds: settled.earlyStoppingRounds,
    metric: settled.earlyStoppingMetric,
    attributes: { [HYPERPARAMETERS]: JSON.stringify(hyperparameters) },
  };
}

function teachingOf(request: TrainRequest, { kind, parameters }: SettledOptions): Teaching {
  const { data, labels, weights, counterWeights } = request;
  if (kind === 'scorer') {
    checkTeaching({ ...request, rows: data.rows });
    return { labels, weights, ...(counterWeights && { counterWeights }), ranking: undefined };
  }
  const grades = gradesOf(request);
  checkRanking(request, { grades, objective: String(parameters.objective) });
  return { labels, weights, ranking: { queryIds: data.queryIds, grades } };
}
