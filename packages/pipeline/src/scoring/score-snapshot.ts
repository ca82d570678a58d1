import { type ModelType, RiskScoringError, type TrainingPeriod } from '@risk-scoring/contract';
import {
  assertUsable,
  FeaturesMissingError,
  featureCoverage,
  snapshotsOfPeriod,
  validatePeriod,
} from '@risk-scoring/extraction';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { OnPipelineProgress } from '../progress.ts';
import type { Explainer } from './explain-scores.ts';
import { isInTraining, loadModelToScore, type ModelToScore } from './model-to-score.ts';
import { openScoreBatch } from './score-batch.ts';
import { type ModelScorer, openModelScorer, type SnapshotToScore } from './score-parts.ts';
import { snapshotsToScore } from './snapshots-to-score.ts';
import { type BatchSummary, summariseBatch } from './summarise-batch.ts';

/** With what snapshots are scored. */
export interface ScoringOptions extends ModelToScore {
  /** Whether to write the features that moved each score most into `explain_json`. */
  readonly explain?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/** Options of {@link scoreSnapshot}. */
export interface ScoreOptions extends ScoringOptions {
  /** Processing date of the snapshot, `YYYY-MM-DD`. */
  readonly date: string;
}

/** Options of {@link scoreSnapshots}. */
export interface ScoreRangeOptions extends ScoringOptions {
  /** First processing date, `YYYY-MM-DD`. */
  readonly startDate: string;
  /** Last processing date, inclusive. */
  readonly endDate: string;
}

/** The scores of a snapshot, as written. */
export interface ScoringResult extends BatchSummary {
  readonly batch_id: string;
  readonly model_id: string;
  readonly model_type: ModelType;
  readonly network: string;
  readonly processing_date: string;
  readonly window_days: number;
  /** Alerts scored: every one of the snapshot, exactly once. 0 of a cluster scorer. */
  readonly alerts: number;
  /** Clusters scored: every one of the snapshot, exactly once. 0 of models of alerts. */
  readonly clusters: number;
  /** Rows written, by table. */
  readonly tables: Readonly<Record<string, number>>;
  /** Whether the snapshot is of the period that the model learned from: what it says of it is no forecast. */
  readonly in_training_period: boolean;
  readonly latency_ms: number;
}

/**
 * Scores every alert (or cluster) of a snapshot with the ONNX form of a saved model, and publishes the scores at once: of an alert_scorer in
 * `alert_scores` and `alert_rankings`, of an alert_ranker in `alert_rankings`, of a cluster_scorer in `cluster_scores`. Features come from the same SQL as
 * in training. Scoring again replaces the scores of the same model.
 *
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @throws {ModelNotFoundError | ModelFileError} when the model is not there or not as it was saved
 * @throws {RiskScoringError} `MODEL_DOES_NOT_FIT` for a model of another network, window or type; `NO_CLUSTERS` where there is nothing to score
 * @throws {FeaturesMissingError} when far fewer alerts have address features than in training
 * @throws {FeatureSchemaMismatchError} when this version computes other features than the model was trained on
 * @throws {CancelledError} when the signal aborts; nothing of the snapshot is published
 * @example
 * const result = await scoreSnapshot(database, { date: '2020-01-01', windowDays: 30, model: 'champion' });
 */
export async function scoreSnapshot(database: Database, options: ScoreOptions): Promise<ScoringResult> {
  const { date, ...scoring } = options;
  for await (const result of scoreSnapshots(database, { ...scoring, startDate: date, endDate: date }))
    return result;
  throw new RangeError(`no snapshot of ${date} was scored`);
}

/**
 * Scores the snapshots of a range of dates, one after the other with one model, as {@link scoreSnapshot} does. Each is published before the next one is
 * begun, so that what is over stays when a later one fails.
 *
 * @throws what scoreSnapshot throws
 * @example
 * for await (const { processing_date, alerts } of scoreSnapshots(database, range)) console.log(processing_date, alerts);
 */
export async function* scoreSnapshots(
  database: Database,
  options: ScoreRangeOptions,
): AsyncGenerator<ScoringResult> {
  const { startDate, endDate, windowDays } = options;
  const period: TrainingPeriod = { network: database.network, startDate, endDate, windowDays };
  validatePeriod(period);
  const snapshots = await snapshotsOfPeriod(database, period);
  const model = await loadModelToScore(database, options);
  const explainer = options.explain ? await explainerOf(model) : undefined;
  let scorer: ModelScorer | undefined;
  try {
    scorer = await openModelScorer(model);
    for (const { processingDate, alerts } of snapshots) {
      const ofSnapshot = { ...period, startDate: processingDate, endDate: processingDate };
      await assertUsable(database, ofSnapshot);
      const ofClusters = model.metadata.model_type === 'cluster_scorer';
      if (!ofClusters) await checkCoverage(database, ofSnapshot, model);
      const rows = ofClusters ? await countClusters(database, ofSnapshot) : alerts;
      yield await scoreOne({
        database,
        options,
        scorer,
        explainer,
        snapshot: { processingDate, windowDays, rows },
      });
    }
  } finally {
    await scorer?.dispose();
    await explainer?.dispose();
  }
}

/** Explaining takes the trainers' native libraries, which scoring has no use for. */
async function explainerOf(model: StoredModel): Promise<Explainer> {
  const { openExplainer } = await import('./explain-scores.ts');
  return openExplainer(model);
}

async function scoreOne({
  database,
  options: { signal, onProgress },
  scorer,
  explainer,
  snapshot,
}: {
  readonly database: Database;
  readonly options: ScoringOptions;
  readonly scorer: ModelScorer;
  readonly explainer: Explainer | undefined;
  readonly snapshot: SnapshotToScore;
}): Promise<ScoringResult> {
  const startedAt = performance.now();
  const { metadata } = scorer.model;
  const { processingDate, windowDays, rows } = snapshot;
  const batch = await openScoreBatch(database, { snapshot, metadata, startedAt, signal });
  let tables: Readonly<Record<string, number>>;
  try {
    let done = 0;
    for await (const part of scorer.parts(database, snapshot, { signal, onProgress })) {
      await batch.append(part, await explainer?.explain(part.matrix, signal));
      done += part.matrix.rows;
      onProgress?.({ stage: 'writing scores', done, total: rows, detail: processingDate });
    }
    tables = await batch.publish();
  } catch (error) {
    await batch.discard();
    throw error;
  }
  const ofClusters = metadata.model_type === 'cluster_scorer';
  return {
    batch_id: batch.id,
    model_id: metadata.model_id,
    model_type: metadata.model_type,
    network: database.network,
    processing_date: processingDate,
    window_days: windowDays,
    alerts: ofClusters ? 0 : rows,
    clusters: ofClusters ? rows : 0,
    tables,
    ...(await summariseBatch(database, { batchId: batch.id, snapshot, metadata })),
    in_training_period: isInTraining(metadata, processingDate),
    latency_ms: Math.round(performance.now() - startedAt),
  };
}

/** A snapshot that came without most of its features gets no scores: they would look like any others. */
async function checkCoverage(
  database: Database,
  period: TrainingPeriod,
  { metadata }: StoredModel,
): Promise<void> {
  const least = metadata.data_stats.feature_coverage / 2;
  const found = await featureCoverage(database, period);
  if (found >= least) return;
  throw new FeaturesMissingError({
    period,
    expected: `a row for the address of at least ${(least * 100).toFixed(1)} % of the alerts, half the share in training`,
    found,
  });
}

/**
 * How many clusters a snapshot has.
 *
 * @throws {RiskScoringError} `NO_CLUSTERS` where it has none
 */
async function countClusters(
  database: Database,
  { startDate, endDate, windowDays }: TrainingPeriod,
): Promise<number> {
  const [found] = await snapshotsToScore(database, 'cluster_scorer', { startDate, endDate, windowDays });
  if (found !== undefined) return found.rows;
  throw new RiskScoringError({
    code: 'NO_CLUSTERS',
    category: 'data',
    summary: `The snapshot of ${startDate} (window ${windowDays}) has no clusters to score.`,
    expected: 'rows in raw_clusters of that date and window',
    found: 'none',
    remedy: 'ingest the whole snapshot, or score its alerts with an alert_scorer',
  });
}
