import { availableParallelism } from 'node:os';
import { InvalidInputError, MODEL_TYPES, type ModelType } from '@risk-scoring/contract';
import { LightGBMParameterError, type LightGBMParameters, mergeParameters } from '@risk-scoring/lightgbm';
import { assertConvertibleParameters } from '@risk-scoring/onnx';
import type { ColumnOptions } from './column-parameters.ts';
import { defaultParameters, metricParameters } from './default-parameters.ts';

/** What can be chosen of a {@link createLightGBMTrainer}. */
export interface LightGBMTrainerOptions extends ColumnOptions {
  /** What its models are for: `alert_scorer` (default) and `cluster_scorer` are told from 0 and 1; `alert_ranker` orders within a query. */
  readonly modelType?: ModelType;
  /** LightGBM's own parameters, by any of their names; they replace the defaults. */
  readonly parameters?: LightGBMParameters;
  /** The most trees; 1000 by default. */
  readonly maxRounds?: number;
  /** Trees without a better validation metric before it stops; 50 by default, 0 for none. */
  readonly earlyStoppingRounds?: number;
  /** The metric that early stopping watches; `binary_logloss` by default, `ndcg@10` of a ranker. */
  readonly earlyStoppingMetric?: string;
  /** Threads of LightGBM; all cores by default. */
  readonly threads?: number;
}

/** Options with every default filled in. */
export interface SettledOptions {
  /** Whether it orders rows within queries. */
  readonly ranks: boolean;
  readonly parameters: LightGBMParameters;
  readonly maxRounds: number;
  readonly earlyStoppingRounds: number;
  readonly earlyStoppingMetric: string;
  readonly columns: ColumnOptions;
}

/** LightGBM's names for what learns from queries (`ParseObjectiveAlias` in its config.h). */
const RANKING_OBJECTIVES = ['lambdarank', 'rank_xendcg', 'xendcg', 'xe_ndcg', 'xe_ndcg_mart', 'xendcg_mart'];

/** Those whose predictions are probabilities. */
const PROBABILITY_OBJECTIVES = ['binary', 'cross_entropy', 'xentropy'];

/** Parameters that stand for positions of columns, and the option that names the columns. */
const BY_NAME = { monotone_constraints: 'monotoneConstraints', categorical_feature: 'categoricalColumns' };

/**
 * Fills in the defaults and refuses, before any training, what could not become ONNX.
 *
 * @throws {InvalidInputError} for an unknown model type, an objective of another kind of model, rounds or threads that are no whole numbers, directions
 *   other than 1 and -1, and columns given both by name and by position
 * @throws {LightGBMParameterError} for a parameter that LightGBM does not know, naming the nearest one, and for two that exclude one another
 * @throws {UnconvertibleParametersError} for parameters whose model has no ONNX twin
 */
export function settleOptions(options: LightGBMTrainerOptions): SettledOptions {
  const { modelType = 'alert_scorer', maxRounds = 1000, earlyStoppingRounds = 50 } = options;
  const { threads = availableParallelism(), monotoneConstraints = {}, categoricalColumns = [] } = options;
  if (!MODEL_TYPES.includes(modelType)) {
    throw new InvalidInputError({
      what: 'The model type',
      expected: `one of ${MODEL_TYPES.join(', ')}`,
      found: modelType,
    });
  }
  assertWhole('The most rounds', maxRounds, 1);
  assertWhole('The rounds of early stopping', earlyStoppingRounds, 0);
  assertWhole('The number of threads', threads, 1);
  assertDirections(monotoneConstraints);
  const ranks = modelType === 'alert_ranker';
  const { earlyStoppingMetric = ranks ? 'ndcg@10' : 'binary_logloss' } = options;
  const defaults = { ...defaultParameters(ranks, threads), ...metricParameters(earlyStoppingMetric) };
  const parameters = withoutBagging(mergeParameters(defaults, options.parameters ?? {}), options.parameters);
  assertConvertibleParameters(parameters);
  assertObjective(modelType, parameters.objective);
  assertOneBalance(parameters);
  const columns = { monotoneConstraints, categoricalColumns };
  assertNamedOnce(parameters, columns);
  return { ranks, parameters, maxRounds, earlyStoppingRounds, earlyStoppingMetric, columns };
}

/**
 * Everything that changes a trainer's models besides the request, as plain JSON.
 *
 * @example
 * hyperparametersOf(settleOptions({ maxRounds: 10 })); // { objective: 'binary', …, max_rounds: 10, … }
 */
export function hyperparametersOf(settled: SettledOptions): Record<string, unknown> {
  const { parameters, maxRounds, earlyStoppingRounds, earlyStoppingMetric } = settled;
  const { monotoneConstraints = {}, categoricalColumns = [] } = settled.columns;
  return {
    ...parameters,
    max_rounds: maxRounds,
    early_stopping_rounds: earlyStoppingRounds,
    early_stopping_metric: earlyStoppingMetric,
    ...(Object.keys(monotoneConstraints).length > 0 ? { monotone_constraints: monotoneConstraints } : {}),
    ...(categoricalColumns.length > 0 ? { categorical_columns: categoricalColumns } : {}),
  };
}

function assertWhole(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new InvalidInputError({ what, expected: `a whole number of at least ${least}`, found: value });
}

function assertDirections(constraints: Readonly<Record<string, unknown>>): void {
  const wrong = Object.entries(constraints).find(([, direction]) => direction !== 1 && direction !== -1);
  if (wrong === undefined) return;
  throw new InvalidInputError({
    what: `The direction of '${wrong[0]}' in monotoneConstraints`,
    expected: '1 or -1',
    found: wrong[1],
  });
}

function assertObjective(modelType: ModelType, objective: unknown): void {
  const name = String(objective).toLowerCase();
  const ranks = RANKING_OBJECTIVES.includes(name);
  if (modelType === 'alert_ranker' ? ranks : PROBABILITY_OBJECTIVES.includes(name)) return;
  throw new InvalidInputError({
    what: `The objective of the model type '${modelType}'`,
    expected:
      modelType === 'alert_ranker'
        ? 'lambdarank or rank_xendcg'
        : 'one whose scores are probabilities: binary or cross_entropy',
    found: objective,
    remedy: ranks
      ? "choose modelType 'alert_ranker' to rank"
      : `leave the objective out for ${modelType === 'alert_ranker' ? 'lambdarank' : 'binary'}`,
  });
}

/** GOSS samples rows its own way and refuses bagging, which nobody asked for where it is the default. */
function withoutBagging(merged: LightGBMParameters, chosen: LightGBMParameters = {}): LightGBMParameters {
  const { boosting, data_sample_strategy: strategy } = merged;
  if (boosting !== 'goss' && strategy !== 'goss') return merged;
  const asked = mergeParameters({}, chosen);
  const dropped = ['bagging_fraction', 'bagging_freq'].filter((name) => !(name in asked));
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !dropped.includes(name)));
}

/** LightGBM would refuse both at once in the middle of a training. */
function assertOneBalance({
  is_unbalance: isUnbalance = false,
  scale_pos_weight: weight = 1,
}: LightGBMParameters): void {
  const isOff = ['false', '-', '0'].includes(String(isUnbalance).toLowerCase());
  if (isOff || Number(weight) === 1) return;
  throw new LightGBMParameterError({
    parameter: 'is_unbalance',
    expected: 'either is_unbalance or scale_pos_weight',
    found: `is_unbalance=${isUnbalance} and scale_pos_weight=${weight}`,
    remedy: 'leave one of them out',
  });
}

function assertNamedOnce(parameters: LightGBMParameters, columns: ColumnOptions): void {
  for (const [parameter, option] of Object.entries(BY_NAME)) {
    const named = columns[option as keyof ColumnOptions] ?? [];
    const isNamed = typeof named === 'string' || Object.keys(named).length > 0;
    if (!isNamed || parameters[parameter] === undefined) continue;
    throw new InvalidInputError({
      what: `The parameter ${parameter}`,
      expected: `either ${parameter} or ${option}`,
      found: 'both',
    });
  }
}
