import { availableParallelism } from 'node:os';
import { InvalidInputError } from '@risk-scoring/contract';
import { type LightGBMParameters, mergeParameters } from '@risk-scoring/lightgbm';
import { assertConvertibleParameters } from '@risk-scoring/onnx';

/** What can be chosen of a {@link createLightGBMTrainer}. */
export interface LightGBMTrainerOptions {
  /** LightGBM's own parameters, by any of their names; they replace the defaults. */
  readonly parameters?: LightGBMParameters;
  /** The most trees; 1000 by default. */
  readonly maxRounds?: number;
  /** Trees without a better validation metric before it stops; 50 by default, 0 for none. */
  readonly earlyStoppingRounds?: number;
  /** The metric that early stopping watches; `binary_logloss` by default. */
  readonly earlyStoppingMetric?: string;
  /** Threads of LightGBM; all cores by default. */
  readonly threads?: number;
}

/** Options with every default filled in. */
export interface SettledOptions {
  readonly parameters: LightGBMParameters;
  readonly maxRounds: number;
  readonly earlyStoppingRounds: number;
  readonly earlyStoppingMetric: string;
}

/** The parameters of a binary scorer where nobody chooses others. */
const DEFAULTS: LightGBMParameters = {
  objective: 'binary',
  num_leaves: 31,
  learning_rate: 0.05,
  feature_fraction: 0.9,
  bagging_fraction: 0.8,
  bagging_freq: 5,
  min_data_in_leaf: 20,
};

/**
 * LightGBM 4.1 numbers the entries of sparse bins with 16 bits where it expects at most 65,535 of them, by the density of the whole data set; a
 * subset of denser rows has more, and the process is corrupted (`MultiValBin::CreateMultiValSparseBin`). Folds are subsets, so bins are dense.
 */
const SAFE_SUBSETS: LightGBMParameters = { is_enable_sparse: false };

/** With these the trees are the same for any number of threads; with force_row_wise they depend on it. */
const REPRODUCIBLE: LightGBMParameters = { deterministic: true, force_col_wise: true };

/**
 * Fills in the defaults and refuses, before any training, what could not become ONNX.
 *
 * @throws {InvalidInputError} for rounds or threads that are no whole numbers
 * @throws {LightGBMParameterError} for a parameter that LightGBM does not know, naming the nearest one
 * @throws {UnconvertibleParametersError} for parameters whose model has no ONNX twin
 */
export function settleOptions(options: LightGBMTrainerOptions): SettledOptions {
  const { maxRounds = 1000, earlyStoppingRounds = 50, threads = availableParallelism() } = options;
  const { earlyStoppingMetric = 'binary_logloss' } = options;
  assertWhole('The most rounds', maxRounds, 1);
  assertWhole('The rounds of early stopping', earlyStoppingRounds, 0);
  assertWhole('The number of threads', threads, 1);
  const defaults = {
    ...DEFAULTS,
    metric: earlyStoppingMetric,
    ...REPRODUCIBLE,
    ...SAFE_SUBSETS,
    num_threads: threads,
  };
  const parameters = mergeParameters(defaults, options.parameters ?? {});
  assertConvertibleParameters(parameters);
  return { parameters, maxRounds, earlyStoppingRounds, earlyStoppingMetric };
}

function assertWhole(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new InvalidInputError({ what, expected: `a whole number of at least ${least}`, found: value });
}
