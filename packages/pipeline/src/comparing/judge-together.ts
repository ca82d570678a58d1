import type { LabelStrategy } from '@risk-scoring/contract';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { UsedStrategy } from '../labelling/label-snapshot.ts';
import { factsOfRows } from '../learned/facts-of-rows.ts';
import { type LearnedFrom, learnedFrom } from '../learned/learned-from.ts';
import type { OnPipelineProgress } from '../progress.ts';
import type { SnapshotToScore } from '../scoring/score-parts.ts';
import { ModelsNotComparableError, NoLabelsToCompareByError } from './errors.ts';
import { labelSnapshots } from './label-snapshots.ts';
import { type ScoredLabels, scoreLabelledRows } from './score-labelled-rows.ts';
import { type CompareDates, snapshotsToCompare } from './snapshots-to-compare.ts';

/** How models are judged on snapshots. */
export interface JudgingRequest extends CompareDates {
  /** Judges instead of the strategy that judged the models in training. */
  readonly labelStrategy?: LabelStrategy | undefined;
  /** Of the bootstrap; 42 when absent. */
  readonly seed?: number | undefined;
  /** Of the bootstrap; 1000 when absent. */
  readonly resamples?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/** One or two models' scores of the same labelled rows. */
export interface JudgedTogether {
  readonly scored: ScoredLabels;
  readonly learned: readonly LearnedFrom[];
  readonly strategy: UsedStrategy;
  /** Whether scores are probabilities. */
  readonly probabilities: boolean;
  readonly resampling: { readonly seed: number; readonly resamples: number };
  /** Which snapshots these are, for messages. */
  readonly dates: string;
}

/**
 * Scores the same snapshots with models of one type and window, and labels them.
 *
 * @throws {NoLabelsToCompareByError} when no row has a label
 */
export async function judgeTogether(
  database: Database,
  models: readonly [StoredModel, ...StoredModel[]],
  request: JudgingRequest,
): Promise<JudgedTogether> {
  const { labelStrategy: strategy, seed = 42, resamples = 1000, signal, onProgress } = request;
  const { model_type: modelType, training_period } = models[0].metadata;
  const windowDays = training_period.window_days;
  const snapshots = await snapshotsToCompare(database, request, { windowDays, modelType });
  const [firstModel, ...others] = models;
  const labelled = await labelSnapshots(database, snapshots, {
    models: [firstModel.metadata, ...others.map(({ metadata }) => metadata)],
    strategy,
    signal,
  });
  const dates = datesOf(snapshots);
  if (![...labelled.byDate.values()].some(({ labels }) => labels.size > 0)) {
    throw new NoLabelsToCompareByError({
      dates,
      rows: snapshots.reduce((sum, { rows }) => sum + rows, 0),
      strategy: labelled.strategy.name,
    });
  }
  const learned: LearnedFrom[] = [];
  for (const model of models) learned.push(await learnedFrom(database, model));
  const factsOf = await factsOfRows(database, modelType, {
    startDate: snapshots[0]?.processingDate ?? '',
    endDate: snapshots.at(-1)?.processingDate ?? '',
    windowDays,
    // Links of the trainings count, too, so that what hangs together does not depend on which dates are judged on.
    linkedOver: models.map(({ metadata: { training_period: period } }) => ({
      startDate: period.start_date,
      endDate: period.end_date,
    })),
  });
  const scored = await scoreLabelledRows(database, {
    models,
    learned,
    snapshots,
    labelled,
    factsOf,
    signal,
    onProgress,
  });
  return {
    scored,
    learned,
    strategy: labelled.strategy,
    probabilities: modelType !== 'alert_ranker',
    resampling: { seed, resamples },
    dates,
  };
}

function datesOf(snapshots: readonly SnapshotToScore[]): string {
  const [first, last] = [snapshots[0]?.processingDate, snapshots.at(-1)?.processingDate];
  if (first === undefined) return 'no snapshot';
  return first === last
    ? `the snapshot of ${first}`
    : `the ${snapshots.length} snapshots from ${first} to ${last}`;
}

/**
 * Checks that two models score the same things.
 *
 * @throws {ModelsNotComparableError} for models of other networks, types or windows
 */
export function assertComparable(first: StoredModel, second: StoredModel, network: string): void {
  const [one, other] = [first.metadata, second.metadata];
  if (
    one.model_type === other.model_type &&
    one.network === network &&
    other.network === network &&
    one.training_period.window_days === other.training_period.window_days
  )
    return;
  throw new ModelsNotComparableError(one, other, network);
}
