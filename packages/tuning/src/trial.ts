import type { ErrorCategory } from '@risk-scoring/contract';
import type { Parameters } from './space/search-space.ts';

/** Whether large or small values are good. */
export type Direction = 'maximize' | 'minimize';

interface FinishedTrial {
  /** 0 for the first trial of the study. */
  readonly index: number;
  readonly parameters: Parameters;
  /** What it reported step by step: a score per fold. */
  readonly values: readonly number[];
  readonly seconds: number;
}

/** A trial that came to its end. */
export interface CompleteTrial extends FinishedTrial {
  readonly state: 'complete';
  /** The objective. */
  readonly value: number;
}

/** A trial that was ended early because others did better. */
export interface PrunedTrial extends FinishedTrial {
  readonly state: 'pruned';
}

/** A trial whose evaluation threw. */
export interface FailedTrial extends FinishedTrial {
  readonly state: 'failed';
  readonly error: { readonly code: string; readonly category: ErrorCategory; readonly message: string };
}

/** A finished trial. */
export type TrialRecord = CompleteTrial | PrunedTrial | FailedTrial;

/** A trial that was begun and is not finished: it runs, or its process was killed. */
export interface StartedTrial {
  readonly index: number;
  readonly parameters: Parameters;
}

/** Whether `value` is strictly better than `other`. */
export function isBetter(value: number, other: number, direction: Direction): boolean {
  return direction === 'maximize' ? value > other : value < other;
}

/**
 * The complete trial with the best value; of equal ones the earliest.
 *
 * @returns undefined where no trial is complete
 * @example
 * bestTrial(study.trials, 'maximize')?.parameters;
 */
export function bestTrial(trials: readonly TrialRecord[], direction: Direction): CompleteTrial | undefined {
  let best: CompleteTrial | undefined;
  for (const trial of trials) {
    if (trial.state !== 'complete') continue;
    if (best === undefined || isBetter(trial.value, best.value, direction)) best = trial;
  }
  return best;
}
