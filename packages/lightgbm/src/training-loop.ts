import { CancelledError, createEarlyStopping } from '@risk-scoring/contract';
import type { Booster } from './booster.ts';
import { LightGBMDataError } from './errors.ts';

/** When to stop for want of progress on the validation rows. */
export interface EarlyStoppingRule {
  /** One of the booster's metrics, as LightGBM names it: `binary_logloss`; the first one when absent. */
  readonly metric?: string | undefined;
  /** Iterations without a better value, ≥ 1. */
  readonly rounds: number;
}

/** Where a training is. */
export interface IterationReport {
  /** Iterations done, from 1. */
  readonly iteration: number;
  readonly maxIterations: number;
  /** The early-stopping metric, or else the first one, on the validation rows. */
  readonly metric?: { readonly name: string; readonly value: number };
}

/** What a loop of iterations came to. */
export interface TrainingOutcome {
  /** The iteration to keep, from 1: the best one with early stopping, else the last one. */
  readonly bestIteration: number;
  /** Each metric on the validation rows, one value per iteration; empty without validation rows. */
  readonly evalHistory: Readonly<Record<string, Float64Array>>;
}

/** How long and under whose eyes to train. */
export interface TrainingLoopOptions {
  readonly maxRounds: number;
  /** What `addValidation` returned; absent without validation rows. */
  readonly validation?: number | undefined;
  readonly earlyStopping?: EarlyStoppingRule | undefined;
  /** Asked before each iteration. */
  readonly isCancelled: () => boolean;
  readonly onIteration: (report: IterationReport) => void;
}

/**
 * Adds iterations until `maxRounds`, until early stopping says so, or until no split is left to gain from.
 *
 * @throws {CancelledError} before the next iteration, once `isCancelled`
 * @throws {LightGBMDataError} where the early-stopping metric is none of the booster's
 */
export function runTrainingLoop(booster: Booster, options: TrainingLoopOptions): TrainingOutcome {
  const { maxRounds, validation, earlyStopping } = options;
  const names = validation === undefined ? [] : booster.metricNames;
  const watched = watchedMetric(names, earlyStopping);
  const stopping =
    earlyStopping &&
    createEarlyStopping({
      higherIsBetter: isHigherBetter(names[watched] ?? ''),
      rounds: earlyStopping.rounds,
    });
  const history: number[][] = names.map(() => []);
  for (let iteration = 1; iteration <= maxRounds; iteration++) {
    if (options.isCancelled()) throw new CancelledError({ during: 'training' });
    if (booster.updateOneIteration()) break;
    const values = validation === undefined ? [] : booster.evaluate(validation);
    for (const [i, value] of values.entries()) history[i]?.push(value);
    const value = values[watched];
    const name = names[watched];
    const metric = name === undefined || value === undefined ? {} : { metric: { name, value } };
    options.onIteration({ iteration, maxIterations: maxRounds, ...metric });
    if (stopping && value !== undefined && stopping.update(value)) break;
  }
  // Without a first split LightGBM keeps one constant tree, and no iteration was evaluated.
  const best = stopping?.bestIteration || booster.currentIteration;
  const series = names.map((name, i) => [name, Float64Array.from(history[i] ?? [])]);
  return { bestIteration: best, evalHistory: Object.fromEntries(series) };
}

/** The position of the early-stopping metric among the booster's; of the first one without early stopping. */
function watchedMetric(names: readonly string[], earlyStopping: EarlyStoppingRule | undefined): number {
  if (!earlyStopping) return 0;
  const { metric = names[0] ?? '' } = earlyStopping;
  const position = names.indexOf(metric);
  if (position >= 0) return position;
  throw new LightGBMDataError({
    what: 'The early-stopping metric',
    expected: `one of the metrics of this training: ${names.join(', ') || 'it has none'}`,
    found: metric || 'none',
  });
}

/** Of LightGBM's metrics these grow as a model gets better; the others are losses. */
function isHigherBetter(metric: string): boolean {
  return ['auc', 'ndcg@', 'map@', 'average_precision'].some((start) => metric.startsWith(start));
}
