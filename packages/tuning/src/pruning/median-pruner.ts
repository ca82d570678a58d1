import { InvalidInputError } from '@risk-scoring/contract';
import { assertDirection, assertWhole } from '../checks.ts';
import type { JsonObject } from '../json.ts';
import { type CompleteTrial, type Direction, isBetter, type TrialRecord } from '../trial.ts';

/** Says when a trial is not worth finishing. It has no memory of its own. */
export interface Pruner {
  /** Everything that its decisions depend on besides the trials; the study file keeps it. */
  readonly settings: JsonObject;
  /** Which values are good. */
  readonly direction?: Direction;
  /**
   * @param trials the finished trials of the study
   * @param current the values of the running trial so far, one per step
   */
  shouldPrune(trials: readonly TrialRecord[], current: { readonly values: readonly number[] }): boolean;
}

/** What can be chosen of a {@link createMedianPruner}. */
export interface MedianPrunerOptions {
  readonly direction: Direction;
  /** Complete trials, at least this far, before it prunes any; 5 by default. */
  readonly startupTrials?: number;
  /** Steps of a trial that are never its last; 1 by default: it may be pruned after its second. */
  readonly warmupSteps?: number;
  /**
   * What of the running trial is compared: the `best` of its values so far, as in the paper (the default), or their `mean`, which
   * prunes more.
   */
  readonly compare?: 'best' | 'mean';
}

/**
 * The median stopping rule of Golovin et al. (2017), "Google Vizier: A Service for Black-Box Optimization", KDD, section 3.2.1: stop a
 * trial at step s if its best value so far is strictly worse than the median, over the complete trials, of the means of their
 * values up to step s. Pruned and failed trials are not among them, nor trials with fewer than s steps.
 *
 * @throws {InvalidInputError} for options out of range
 * @example
 * const pruner = createMedianPruner({ direction: 'maximize' });
 * pruner.shouldPrune(study.trials, { values: [0.61, 0.58] });
 */
export function createMedianPruner(options: MedianPrunerOptions): Pruner {
  const { direction, startupTrials = 5, warmupSteps = 1, compare = 'best' } = options;
  assertDirection(direction);
  assertWhole('The number of startup trials', startupTrials, [1, 100_000]);
  assertWhole('The number of warm-up steps', warmupSteps, [0, 100_000]);
  if (compare !== 'best' && compare !== 'mean') {
    throw new InvalidInputError({ what: 'Compare', expected: "'best' or 'mean'", found: compare });
  }
  return {
    settings: { name: 'median', startupTrials, warmupSteps, compare },
    direction,
    shouldPrune(trials, { values }) {
      const steps = values.length;
      if (steps === 0 || steps <= warmupSteps) return false;
      const means = trials
        .filter((trial): trial is CompleteTrial => trial.state === 'complete')
        .filter((trial) => trial.values.length >= steps)
        .map((trial) => mean(trial.values.slice(0, steps)));
      if (means.length < startupTrials) return false;
      const own = compare === 'mean' ? mean(values) : bestOf(values, direction);
      return isBetter(median(means), own, direction);
    },
  };
}

function bestOf(values: readonly number[], direction: Direction): number {
  return values.reduce((best, value) => (isBetter(value, best, direction) ? value : best));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, or the mean of the two middle ones. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
