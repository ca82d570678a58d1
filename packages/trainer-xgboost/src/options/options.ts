import { availableParallelism } from 'node:os';
import { InvalidInputError, MODEL_TYPES, type ModelType } from '@risk-scoring/contract';
import { isMetric } from '../training/metrics.ts';
import { assertConvertible } from './convertible.ts';
import {
  canonicalParameters,
  type XGBoostParameters,
  type XGBoostParameterValue,
} from './known-parameters.ts';

/** What can be chosen of a {@link createXGBoostTrainer}. */
export interface XGBoostTrainerOptions {
  /** `alert_ranker` for a ranker; the others are scorers, which are the same thing. `alert_scorer` by default. */
  readonly modelType?: ModelType;
  /** XGBoost's own parameters, by any of their names; they replace the defaults. */
  readonly parameters?: XGBoostParameters;
  /** The most iterations; 100 by default. */
  readonly maxRounds?: number;
  /** Iterations without a better validation metric before it stops; a tenth of `maxRounds`, but at least 10, by default; 0 for none. */
  readonly earlyStoppingRounds?: number;
  /** The metric that early stopping watches, as XGBoost names it: `logloss` by default, `ndcg@10` for a ranker. */
  readonly earlyStoppingMetric?: string;
  /** Threads of XGBoost; all cores by default. */
  readonly threads?: number;
}

/** What a trainer makes. */
export type Kind = 'scorer' | 'ranker';

/** Options with every default filled in. */
export interface SettledOptions {
  readonly kind: Kind;
  /** Under XGBoost's canonical names, without seed, threads and metric. */
  readonly parameters: Readonly<Record<string, XGBoostParameterValue>>;
  readonly maxRounds: number;
  readonly earlyStoppingRounds: number;
  readonly earlyStoppingMetric: string;
  readonly threads: number;
}

const DEFAULTS: Readonly<Record<Kind, Readonly<Record<string, XGBoostParameterValue>>>> = {
  scorer: { objective: 'binary:logistic', max_depth: 6, learning_rate: 0.1, tree_method: 'hist' },
  ranker: { objective: 'rank:pairwise', max_depth: 6, learning_rate: 0.1, tree_method: 'hist' },
};

/**
 * Fills in the defaults and refuses, before any training, what could not become ONNX. Needs no native library.
 *
 * @throws {InvalidInputError} for rounds or threads that are no whole numbers, and metrics that the kind of model does not have
 * @throws {XGBoostParameterError} for a parameter that XGBoost does not know, naming the nearest one
 * @throws {UnconvertibleParametersError} for parameters whose model has no ONNX twin
 */
export function settleOptions(options: XGBoostTrainerOptions): SettledOptions {
  const { modelType = 'alert_scorer', maxRounds = 100, threads = availableParallelism() } = options;
  if (!MODEL_TYPES.includes(modelType)) {
    throw new InvalidInputError({
      what: 'The model type',
      expected: MODEL_TYPES.join(', '),
      found: modelType,
    });
  }
  const kind: Kind = modelType === 'alert_ranker' ? 'ranker' : 'scorer';
  assertWhole('The most rounds', maxRounds, 1);
  const { earlyStoppingRounds = Math.max(10, Math.ceil(maxRounds / 10)) } = options;
  const { earlyStoppingMetric = kind === 'ranker' ? 'ndcg@10' : 'logloss' } = options;
  assertWhole('The rounds of early stopping', earlyStoppingRounds, 0);
  assertWhole('The number of threads', threads, 1);
  if (!isMetric(kind, earlyStoppingMetric)) {
    throw new InvalidInputError({
      what: 'The early-stopping metric',
      expected:
        kind === 'ranker'
          ? 'ndcg, map or pre, with @n and a final - where wanted'
          : 'logloss, error, error@t, auc, aucpr, rmse or mae',
      found: earlyStoppingMetric,
    });
  }
  const parameters = { ...DEFAULTS[kind], ...canonicalParameters(options.parameters ?? {}) };
  assertConvertible(kind, parameters);
  return { kind, parameters, maxRounds, earlyStoppingRounds, earlyStoppingMetric, threads };
}

/** The options under the names that a model's metadata has. */
export function hyperparametersOf(settled: SettledOptions): Record<string, unknown> {
  return {
    ...settled.parameters,
    nthread: settled.threads,
    max_rounds: settled.maxRounds,
    early_stopping_rounds: settled.earlyStoppingRounds,
    early_stopping_metric: settled.earlyStoppingMetric,
  };
}

function assertWhole(what: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= 1_000_000) return;
  throw new InvalidInputError({ what, expected: `a whole number from ${least} to 1000000`, found: value });
}
