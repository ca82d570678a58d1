import {
  type FeatureMatrix,
  FeatureSchemaMismatchError,
  RiskScoringError,
  type TrainingPeriod,
} from '@risk-scoring/contract';
import {
  assertUsable,
  FeaturesMissingError,
  featureCoverage,
  snapshotsOfPeriod,
  validatePeriod,
} from '@risk-scoring/extraction';
import { buildFeatureMatrix } from '@risk-scoring/features';
import { loadModel, type StoredModel } from '@risk-scoring/model-storage';
import { openOnnxScorer } from '@risk-scoring/onnx';
import type { Database } from '@risk-scoring/storage';
import { addressOf } from '../address-of.ts';
import { featureSnapshot } from '../feature-snapshot.ts';
import { onnxOf } from '../judge.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { type Explainer, openExplainer } from './explain-scores.ts';
import { writeScores } from './write-scores.ts';

/** Options of {@link scoreSnapshot}. */
export interface ScoreOptions {
  /** Processing date of the snapshot, `YYYY-MM-DD`. */
  readonly date: string;
  readonly windowDays: number;
  /** A model id, a metadata file or `latest` (default). */
  readonly model?: string;
  /** Whether to write the features that moved each score most into `explain_json`. */
  readonly explain?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnPipelineProgress;
}

/** An address near the top of a snapshot. */
export interface TopAddress {
  readonly address: string;
  /** Its highest score. */
  readonly score: number;
  /** The alert with that score. */
  readonly alert_id: string;
  /** How many alerts of the snapshot it has. */
  readonly alerts: number;
}

/** The scores of a snapshot, as written. */
export interface ScoringResult {
  readonly batch_id: string;
  readonly model_id: string;
  readonly network: string;
  readonly processing_date: string;
  readonly window_days: number;
  /** Every alert of the snapshot has exactly one score. */
  readonly alerts: number;
  readonly score_min: number;
  readonly score_mean: number;
  readonly score_max: number;
  /** From which score on an alert is flagged, as it was chosen in training; null where no threshold was. */
  readonly threshold: number | null;
  /** Alerts flagged; null without a threshold. */
  readonly flagged: number | null;
  /** Whether the snapshot is of the period that the model learned from: what it says of it is no forecast. */
  readonly in_training_period: boolean;
  /** The addresses with the highest scores, highest first, each with its highest alert. */
  readonly top: readonly TopAddress[];
  readonly latency_ms: number;
}

/**
 * Scores every alert of a snapshot with the ONNX twin of a saved model, and publishes the scores in `alert_scores` at once.
 * Features come from the same SQL as in training. Scoring again replaces the scores of the same model.
 *
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @throws {ModelNotFoundError | ModelFileError} when the model is not there or not as it was saved
 * @throws {FeaturesMissingError} when far fewer alerts have address features than in training
 * @throws {FeatureSchemaMismatchError} when this version computes other features than the model was trained on
 * @example
 * const result = await scoreSnapshot(database, { date: '2020-01-01', windowDays: 30 });
 */
export async function scoreSnapshot(database: Database, options: ScoreOptions): Promise<ScoringResult> {
  const started = performance.now();
  const { date, windowDays } = options;
  const period: TrainingPeriod = { network: database.network, startDate: date, endDate: date, windowDays };
  validatePeriod(period);
  const snapshots = await snapshotsOfPeriod(database, period);
  const model = await loadModel(database, {
    modelType: 'alert_scorer',
    windowDays,
    ...(options.model === undefined ? {} : { model: options.model }),
  });
  checkModel(model, period);
  const explainer = options.explain ? await openExplainer(model) : undefined;
  try {
    return await scoreWith({ database, options, period, snapshots, model, explainer, started });
  } finally {
    await explainer?.dispose();
  }
}

async function scoreWith(work: {
  readonly database: Database;
  readonly options: ScoreOptions;
  readonly period: TrainingPeriod;
  readonly snapshots: Awaited<ReturnType<typeof snapshotsOfPeriod>>;
  readonly model: StoredModel;
  readonly explainer: Explainer | undefined;
  readonly started: number;
}): Promise<ScoringResult> {
  const { database, options, period, snapshots, model, explainer, started } = work;
  const { date, windowDays, signal, onProgress } = options;
  await assertUsable(database, period);
  await checkCoverage(database, period, model);
  const matrix = await buildFeatureMatrix(database, {
    snapshots: snapshots.map(featureSnapshot),
    plan: model.metadata.feature_plan,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total, snapshots }) =>
      onProgress?.({ stage: 'features', done, total, detail: snapshots }),
  });
  checkSchema(model, matrix);
  const scores = await runOnnx(model, matrix, options);
  checkScores(scores, model.metadata.model_id);

  const explained = await explainer?.explain(matrix, signal);
  const batchId = await writeScores(database, matrix, {
    date,
    windowDays,
    scores,
    explained,
    metadata: model.metadata,
    startedAt: started,
    signal,
    onProgress,
  });
  return {
    batch_id: batchId,
    model_id: model.metadata.model_id,
    network: database.network,
    processing_date: date,
    window_days: windowDays,
    alerts: scores.length,
    ...summarise(scores),
    ...flaggedBy(model, scores),
    in_training_period: isInTraining(model, date),
    top: topAddresses(matrix, scores, 5),
    latency_ms: Math.round(performance.now() - started),
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

function checkModel({ metadata }: StoredModel, period: TrainingPeriod): void {
  const wanted = `an alert_scorer of ${period.network} for window_days = ${period.windowDays}`;
  const { model_type, network, training_period } = metadata;
  if (
    model_type !== 'alert_scorer' ||
    network !== period.network ||
    training_period.window_days !== period.windowDays
  ) {
    throw new RiskScoringError({
      code: 'MODEL_DOES_NOT_FIT',
      category: 'input',
      summary: `${metadata.model_id} cannot score this snapshot.`,
      expected: wanted,
      found: `a ${model_type} of ${network} for window_days = ${training_period.window_days}`,
      remedy: 'choose a model with: npx risk-scoring models list',
    });
  }
}

function checkSchema({ metadata }: StoredModel, matrix: FeatureMatrix): void {
  const names = matrix.columns.map((column) => column.name);
  const different = names.find((name, index) => name !== metadata.feature_names[index]);
  if (names.length !== metadata.feature_names.length || different !== undefined) {
    throw new FeatureSchemaMismatchError({
      modelId: metadata.model_id,
      expected: `${metadata.feature_names.length} features in the order of training`,
      found: `${names.length} features${different ? `, the first that differs being ${different}` : ''}`,
    });
  }
  if (matrix.schemaHash !== metadata.feature_schema_hash) {
    throw new FeatureSchemaMismatchError({
      modelId: metadata.model_id,
      expected: `schema hash ${metadata.feature_schema_hash}`,
      found: `schema hash ${matrix.schemaHash}: the same names, computed otherwise`,
    });
  }
}

async function runOnnx(
  model: StoredModel,
  matrix: FeatureMatrix,
  options: ScoreOptions,
): Promise<Float64Array> {
  const scorer = await openOnnxScorer(onnxOf(model.artifacts).bytes);
  try {
    const { probability } = await scorer.score(matrix, {
      ...(options.signal ? { signal: options.signal } : {}),
      onProgress: ({ rowsDone, rows }) =>
        options.onProgress?.({ stage: 'scoring', done: rowsDone, total: rows }),
    });
    return probability;
  } finally {
    await scorer.dispose();
  }
}

function checkScores(scores: Float64Array, modelId: string): void {
  const wrong = scores.findIndex((score) => !(score >= 0 && score <= 1));
  if (wrong < 0) return;
  throw new RiskScoringError({
    code: 'SCORE_OUT_OF_RANGE',
    category: 'model',
    summary: `${modelId} gave a score that is no probability.`,
    expected: 'scores in 0..1',
    found: `${scores[wrong]} in row ${wrong}`,
    remedy: 'do not serve this model; train it again',
  });
}

function isInTraining({ metadata: { training_period: period } }: StoredModel, date: string): boolean {
  return date >= period.start_date && date <= period.end_date;
}

function flaggedBy(
  { metadata }: StoredModel,
  scores: Float64Array,
): Pick<ScoringResult, 'threshold' | 'flagged'> {
  const threshold = metadata.threshold?.threshold ?? null;
  if (threshold === null) return { threshold, flagged: null };
  return { threshold, flagged: scores.reduce((sum, score) => sum + (score >= threshold ? 1 : 0), 0) };
}

function summarise(scores: Float64Array): { score_min: number; score_mean: number; score_max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (const score of scores) {
    min = Math.min(min, score);
    max = Math.max(max, score);
    sum += score;
  }
  return { score_min: min, score_mean: sum / scores.length, score_max: max };
}

function topAddresses(matrix: FeatureMatrix, scores: Float64Array, count: number): TopAddress[] {
  const highest = new Map<number, { row: number; alerts: number }>();
  scores.forEach((score, row) => {
    const group = matrix.splitGroups[row] ?? -1;
    const held = highest.get(group);
    if (held === undefined) highest.set(group, { row, alerts: 1 });
    else {
      held.alerts += 1;
      if (score > (scores[held.row] ?? 0)) held.row = row;
    }
  });
  return [...highest.values()]
    .sort((a, b) => (scores[b.row] ?? 0) - (scores[a.row] ?? 0) || a.row - b.row)
    .slice(0, count)
    .map(({ row, alerts }) => ({
      address: addressOf(matrix, row),
      score: scores[row] ?? Number.NaN,
      alert_id: matrix.keys.ids[row] ?? '',
      alerts,
    }));
}
