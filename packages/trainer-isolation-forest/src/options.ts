import { InvalidInputError } from '@risk-scoring/contract';

/** What can be chosen of a {@link createIsolationForestTrainer}. */
export interface IsolationForestTrainerOptions {
  /** Trees; 100 by default, as in the paper. */
  readonly trees?: number;
  /** Rows that each tree is grown on, drawn without replacement; 256 by default, as in the paper; all training rows where they are fewer. */
  readonly sampleSize?: number;
  /** Columns that each tree draws its splits from; all by default. */
  readonly maxFeatures?: number;
}

/** Options with every default filled in. */
export interface SettledOptions {
  readonly trees: number;
  readonly sampleSize: number;
  /** Undefined for all columns. */
  readonly maxFeatures: number | undefined;
}

/** Nodes and rows are counted in 32 bits. */
const MOST_TREES = 100_000;
const MOST_SAMPLE = 2 ** 24;

/**
 * Fills in the defaults.
 *
 * @throws {InvalidInputError} for numbers that are not whole or out of range
 */
export function settleOptions(options: IsolationForestTrainerOptions): SettledOptions {
  const { trees = 100, sampleSize = 256, maxFeatures } = options;
  assertWhole('The number of trees', trees, [1, MOST_TREES]);
  assertWhole('The sample size', sampleSize, [2, MOST_SAMPLE]);
  if (maxFeatures !== undefined) assertWhole('The most features', maxFeatures, [1, 1_000_000]);
  return { trees, sampleSize, maxFeatures };
}

/** The options under the names that a model's metadata has. */
export function hyperparametersOf({
  trees,
  sampleSize,
  maxFeatures,
}: SettledOptions): Record<string, unknown> {
  return { trees, sample_size: sampleSize, max_features: maxFeatures ?? 'all' };
}

function assertWhole(what: string, value: number, [least, most]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new InvalidInputError({ what, expected: `a whole number from ${least} to ${most}`, found: value });
}
