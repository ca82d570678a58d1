import type { ModelType, TrainingPeriod } from '@risk-scoring/contract';
import { snapshotsOfPeriod, validatePeriod } from '@risk-scoring/extraction';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { OnPipelineProgress } from '../progress.ts';
import { assertScorable } from './assert-scorable.ts';
import type { Explainer } from './explain-scores.ts';
import { isInTraining, loadModelToScore, type ModelToScore } from './model-to-score.ts';
import { PartlyPublishedError } from './partly-published-error.ts';
import { Publications } from './publish-scores.ts';
import { openScoreBatch, type ScoreBatch } from './score-batch.ts';
import { scoreCommand } from './score-command.ts';
import { type ModelScorer, openModelScorer, type SnapshotToScore } from './score-parts.ts';
import type { ScoresFile } from './scores-file.ts';
import { type BatchSummary, summariseBatch } from './summarise-batch.ts';

/** With what snapshots are scored. */
export interface ScoringOptions extends ModelToScore {
  /** Whether to write the features that moved each score most into `explain_json`. */
  readonly explain?: boolean | undefined;
  /**
   * A file that the scores shall stand in, too. It is written whole first, then the scores of all its snapshots are published together, then it gets its
   * name: where the file cannot be written, or a snapshot cannot be scored, nothing is published.
   */
  readonly out?: ScoresFile | undefined;
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
 * @throws {FileNotWrittenError} when the disk does not let `out` be written; nothing is published
 * @throws {CancelledError} when the signal aborts; nothing of the snapshot is published
 * @throws {PartlyPublishedError} with the code of what went wrong where the scores are published though, or may be
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
 * begun, so that what is over stays when a later one fails; with `out`, all are published together at the end, or none.
 *
 * @throws {PartlyPublishedError} with the code of what went wrong, where scores of earlier snapshots are published
 * @throws what scoreSnapshot throws, where none are
 * @example
 * for await (const { processing_date, alerts } of scoreSnapshots(database, range)) console.log(processing_date, alerts);
 */
export async function* scoreSnapshots(
  database: Database,
  options: ScoreRangeOptions,
): AsyncGenerator<ScoringResult> {
  const { startDate, endDate, windowDays, out, signal } = options;
  const period: TrainingPeriod = { network: database.network, startDate, endDate, windowDays };
  validatePeriod(period);
  const snapshots = await snapshotsOfPeriod(database, period);
  const model = await loadModelToScore(database, options);
  const explainer = options.explain ? await explainerOf(model) : undefined;
  const publications = new Publications();
  const complete: Scored[] = [];
  let scorer: ModelScorer | undefined;
  let current = startDate;
  try {
    scorer = await openModelScorer(model);
    for (const { processingDate, alerts } of snapshots) {
      current = processingDate;
      const snapshot = await assertScorable(database, model, { processingDate, windowDays, rows: alerts });
      const scored = await scoreOne({ database, options, scorer, explainer, snapshot });
      complete.push(scored);
      if (out) continue;
      await publications.publish(database, [scored.batch], signal);
      yield scored.result;
    }
    if (out) {
      const batches = complete.map(({ batch }) => batch);
      const beforeNaming = () => publications.publish(database, batches, signal);
      const results = complete.map(({ result }) => result);
      await out.write(database, results, { signal, beforeNaming });
      yield* results;
    }
  } catch (cause) {
    const { published, unanswered } = publications;
    if (published.length + unanswered.length === 0) throw cause;
    throw new PartlyPublishedError({
      cause,
      published,
      unanswered,
      next: nextStep(database, { options, model, from: current }),
    });
  } finally {
    await publications.discardUnseen(complete.map(({ batch }) => batch));
    await scorer?.dispose();
    await explainer?.dispose();
  }
}

/** What brings the rest of a scoring that ended early: of a file all of it, else the snapshots from one on. */
function nextStep(
  database: Database,
  {
    options,
    model,
    from,
  }: { readonly options: ScoreRangeOptions; readonly model: StoredModel; readonly from: string },
): string {
  const { out, endDate, startDate, windowDays, explain } = options;
  const command = scoreCommand({
    network: database.network,
    startDate: out ? startDate : from,
    endDate,
    windowDays,
    model: options.model?.endsWith('.json') ? options.model : model.metadata.model_id,
    explain,
    out,
  });
  return out
    ? `write the file, and the same scores anew, with: ${command}`
    : `score the rest with: ${command}`;
}

/** A snapshot whose scores are written and checked, and wait to be published. */
interface Scored {
  readonly batch: ScoreBatch;
  readonly result: ScoringResult;
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
}): Promise<Scored> {
  const startedAt = performance.now();
  const { metadata } = scorer.model;
  const { processingDate, windowDays, rows } = snapshot;
  const batch = await openScoreBatch(database, { snapshot, metadata, startedAt, signal });
  try {
    let done = 0;
    for await (const part of scorer.parts(database, snapshot, { signal, onProgress })) {
      await batch.append(part, await explainer?.explain(part.matrix, signal));
      done += part.matrix.rows;
      onProgress?.({ stage: 'writing scores', done, total: rows, detail: processingDate });
    }
    const tables = await batch.complete();
    const summary = await summariseBatch(database, { batchId: batch.id, snapshot, metadata });
    const ofClusters = metadata.model_type === 'cluster_scorer';
    const result = {
      batch_id: batch.id,
      model_id: metadata.model_id,
      model_type: metadata.model_type,
      network: database.network,
      processing_date: processingDate,
      window_days: windowDays,
      alerts: ofClusters ? 0 : rows,
      clusters: ofClusters ? rows : 0,
      tables,
      ...summary,
      in_training_period: isInTraining(metadata, processingDate),
      latency_ms: Math.round(performance.now() - startedAt),
    };
    return { batch, result };
  } catch (error) {
    await batch.discard();
    throw error;
  }
}
