import { CancelledError, type LabelStrategy } from '@risk-scoring/contract';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { labelSnapshot } from '../labelling/label-snapshot.ts';
import { factsOfRows } from '../learned/facts-of-rows.ts';
import { type LearnedFrom, learnedFrom } from '../learned/learned-from.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { isInTraining } from '../scoring/model-to-score.ts';
import { type ModelScorer, openModelScorer } from '../scoring/score-parts.ts';
import { snapshotsToScore } from '../scoring/snapshots-to-score.ts';
import { type Arrived, countRows } from './count-rows.ts';
import { NothingToMonitorError } from './errors.ts';
import { referenceOf } from './reference-of.ts';
import type { SnapshotDrift } from './snapshot-drift.ts';

/** Which snapshot, beside which model. */
export interface DriftOptions {
  readonly model: StoredModel;
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  /** Of the model where nobody says so. */
  readonly windowDays?: number | undefined;
  /** Labels the rows in place of the strategy that judged the model. */
  readonly labelStrategy?: LabelStrategy | undefined;
  /** An open scorer of the model, to use for several snapshots; the caller disposes of it. */
  readonly scorer?: ModelScorer | undefined;
  /** Tells what the model may have learned from, in place of {@link learnedFrom}: of several snapshots it is the same. Asked where labels have arrived. */
  readonly learned?: (() => Promise<LearnedFrom>) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/**
 * Compares a snapshot with what a model was trained on: the distribution of every feature and of the scores, the share of missing values, and, where
 * labels have arrived, the share of positives and the AUC that came true. Rows come part by part and are only counted, so memory holds one part and the
 * labelled rows.
 *
 * What chance explains is reckoned with rows counted by address, as alerts of one address look alike; rows of the training count by their number of addresses.
 *
 * @throws {ModelHasNoReferenceError} for a model of an earlier version
 * @throws {NothingToMonitorError} when there is no such snapshot
 * @throws {FeatureSchemaMismatchError} when this version computes other features than the model was trained on
 * @throws {CancelledError} when the signal aborts
 * @example
 * const { scores, features } = await driftOfSnapshot(database, { model, processingDate: '2020-01-01' });
 * scores.psi; // 0.08
 * features[0]; // { name: 'total_volume_usd', psi: 0.4, psi_by_chance: 0.05, … }
 */
export async function driftOfSnapshot(database: Database, options: DriftOptions): Promise<SnapshotDrift> {
  const { model, processingDate, signal } = options;
  const { training_period: period, model_type: modelType } = model.metadata;
  const windowDays = options.windowDays ?? period.window_days;
  const reference = referenceOf(model);
  const range = { windowDays, startDate: processingDate, endDate: processingDate };
  const [snapshot] = await snapshotsToScore(database, modelType, range);
  if (snapshot === undefined) {
    throw new NothingToMonitorError({
      modelId: model.metadata.model_id,
      range: `of ${processingDate} with window_days = ${windowDays}`,
      found: 'none',
    });
  }
  const arrived = await labelsOf(database, { ...options, windowDays });
  const counted = countRows(reference, arrived);
  const scorer = options.scorer ?? (await openModelScorer(model));
  try {
    const { onProgress } = options;
    for await (const part of scorer.parts(database, snapshot, { signal, onProgress })) counted.add(part);
  } finally {
    if (options.scorer === undefined) await scorer.dispose();
  }
  if (signal?.aborted) throw new CancelledError({ during: 'comparing a snapshot with the training' });
  return {
    processing_date: processingDate,
    in_training_period: isInTraining(model.metadata, processingDate),
    ...counted.drift(model),
  };
}

async function labelsOf(
  database: Database,
  options: DriftOptions & { readonly windowDays: number },
): Promise<Arrived | null> {
  const { model, processingDate, windowDays, labelStrategy, signal } = options;
  const { labels, strategy } = await labelSnapshot(database, {
    metadata: model.metadata,
    processingDate,
    windowDays,
    ...(labelStrategy ? { strategy: labelStrategy } : {}),
    ...(signal ? { signal } : {}),
  });
  if (labels.size === 0) return null;
  const dates = { startDate: processingDate, endDate: processingDate, windowDays };
  return {
    labels,
    strategy: strategy.name,
    reason: strategy.reason ?? null,
    learned: await (options.learned?.() ?? learnedFrom(database, model)),
    factsOf: await factsOfRows(database, model.metadata.model_type, dates),
  };
}
