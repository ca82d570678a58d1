import {
  dayText,
  type FeatureMatrix,
  type ModelArtifact,
  type ModelTrainer,
  type TrainedModel,
} from '@risk-scoring/contract';
import {
  type BinaryMetrics,
  calibrate,
  evaluateBinary,
  evaluateRanking,
  evaluateSlices,
  type MetricIntervals,
  type RankingQuality,
  type SliceMetrics,
  steepnessOf,
} from '@risk-scoring/evaluation';
import { openOnnxScorer, type ParityReport, proveParity } from '@risk-scoring/onnx';
import type { Finish } from './calibration.ts';
import { checkedPredictions } from './guards/checked-predictions.ts';
import { countClasses } from './labelling/judging-labels.ts';
import { labelledRows, rowsOfGroups } from './labelling/mask.ts';
import { onnxOf } from './onnx-of.ts';
import { relevanceOf } from './relevance.ts';
import type { TrainingPlan } from './training-plan.ts';

/** What a model said of some rows. */
export interface ScoredRows {
  readonly rows: Int32Array;
  /** Calibrated; a ranker's raw score. */
  readonly probability: Float64Array;
  /** As the model says it. */
  readonly uncalibrated: Float64Array;
  /** Before the link and the calibration: what rankings go by. */
  readonly raw: Float64Array;
}

/** A model's scores of some rows, and what they are worth. */
export interface Judged extends ScoredRows {
  /** By the labels that judge; null where there are none, and for a ranker. */
  readonly metrics: BinaryMetrics | null;
  /** Intervals of precision, recall and F1 at the chosen threshold; null without one. */
  readonly atThresholdIntervals: Pick<MetricIntervals, 'precision' | 'recall' | 'f1'> | null;
  /** The same, each row by the weight of its label; null where `metrics` is, or no weight differs from another. */
  readonly weighted: BinaryMetrics | null;
  /** How well the rows of a snapshot are ordered; null where nothing judges. */
  readonly ranking: RankingQuality | null;
  /** The same figures of parts of the holdout: by typology, by snapshot, by the source of the label. */
  readonly slices: Readonly<Record<'typology' | 'snapshot' | 'label_source', readonly SliceMetrics[]>> | null;
  /**
   * By the labels that the model learned from, on the alerts of the holdout's addresses that have one: only where others judge. Null when these
   * alerts are not of both classes.
   */
  readonly byOwnLabels?: BinaryMetrics | null;
}

/** What {@link judge} needs besides the model. */
export interface JudgingContext {
  readonly plan: TrainingPlan;
  readonly matrix: FeatureMatrix;
  readonly trainer: Pick<ModelTrainer, 'name'>;
  readonly finish: Finish;
  readonly seed: number;
}

/** Rows on which the ONNX twin is proven where there is no holdout. */
const MOST_UNJUDGED = 10_000;

/** Scores the holdout, once, and judges the scores, with intervals by what the split keeps together: the address, or the group of clusters. */
export async function judge(model: TrainedModel, context: JudgingContext): Promise<Judged> {
  const { plan, matrix, finish, seed } = context;
  const { judging, holdout, rows: subjects, labelSet } = plan;
  const rows = judging
    ? holdout.test
    : Int32Array.from({ length: Math.min(matrix.rows, MOST_UNJUDGED) }, (_, row) => row);
  const scored = await scoreRows(model, context, rows);
  const unjudged = { metrics: null, atThresholdIntervals: null, weighted: null, slices: null };
  if (judging === undefined) return { ...scored, ...unjudged, ranking: null };
  const { queryIds } = subjects;
  const { splitGroups } = plan;
  const ranking = evaluateRanking({
    labels: judging.labels,
    relevance: relevanceOf(judging.labels, judging.relevance),
    scores: scored.raw,
    rows,
    queryIds,
    splitGroups,
    seed,
  });
  if (plan.modelType === 'alert_ranker') return { ...scored, ...unjudged, ranking };
  const chosen = finish.threshold?.threshold ?? undefined;
  const common = {
    labels: judging.labels,
    scores: scored.probability,
    rows,
    splitGroups,
    seed,
    ...(chosen === undefined ? {} : { chosenThreshold: chosen }),
  };
  const metrics = evaluateBinary(common);
  const { weights } = labelSet;
  const differ = judging.own && rows.some((row) => weights[row] !== weights[rows[0] ?? 0]);
  const weighted = differ ? evaluateBinary({ ...common, weights, resamples: 0 }) : null;
  const atThresholdIntervals =
    chosen === undefined ? null : evaluateBinary({ ...common, threshold: chosen }).intervals;
  const slices = slicesOf(scored, plan, chosen);
  const judged = { ...scored, metrics, atThresholdIntervals, weighted, ranking, slices };
  if (judging.own || plan.counts.labelled === 0) return judged;
  return { ...judged, byOwnLabels: await judgeByOwnLabels(model, context) };
}

/** Scores some rows, calibrated, and checks what the model returns. */
export async function scoreRows(
  model: TrainedModel,
  { plan, matrix, trainer, finish }: JudgingContext,
  rows: Int32Array,
): Promise<ScoredRows> {
  const check = { trainer, ranks: plan.modelType === 'alert_ranker' };
  const uncalibrated = await checkedPredictions(check, model, { data: matrix, rows });
  const raw = await checkedPredictions(check, model, { data: matrix, rows, output: 'raw' });
  const probability = check.ranks ? uncalibrated : calibrate(finish.calibration, uncalibrated);
  return { rows, probability, uncalibrated, raw };
}

/** The figures of the labels that were taught, on the same addresses, where others judge. */
async function judgeByOwnLabels(model: TrainedModel, context: JudgingContext): Promise<BinaryMetrics | null> {
  const { plan, seed } = context;
  const { labels } = plan.labelSet;
  const { splitGroups, hidden } = plan;
  const tested = rowsOfGroups(splitGroups, plan.holdout.test);
  const rows = labelledRows(labels).filter((row) => hidden[row] === 1 && tested[row] === 1);
  const classes = countClasses(Int8Array.from(rows, (row) => labels[row] ?? -1));
  if (classes.positives === 0 || classes.negatives === 0) return null;
  const { probability } = await scoreRows(model, context, rows);
  return evaluateBinary({ labels, scores: probability, rows, splitGroups, seed });
}

function slicesOf(
  { rows, probability }: ScoredRows,
  { judging, kinds, rows: subjects, splitGroups }: TrainingPlan,
  threshold: number | undefined,
): Judged['slices'] {
  if (judging === undefined) return null;
  const { queryIds, keys } = subjects;
  const dates: string[] = [];
  queryIds.forEach((query, row) => {
    dates[query] ??= dayText(keys.processingDates[row] ?? 0);
  });
  const slice = (codes: Int32Array, names: readonly string[]) =>
    evaluateSlices({
      labels: judging.labels,
      scores: probability,
      rows,
      codes,
      names,
      splitGroups,
      ...(threshold === undefined ? {} : { threshold }),
    });
  return {
    typology: slice(kinds.codes, kinds.values),
    snapshot: slice(queryIds, dates),
    label_source: slice(judging.sources.codes, judging.sources.names),
  };
}

/**
 * Proves the ONNX twin equal to the native model on rows that it scored: first as the trainer made it, then with the calibration in it.
 *
 * @param uncalibrated the artifacts of the trainer, `calibrated` those that are saved
 * @returns of the uncalibrated twin
 * @throws {OnnxParityError} when it is not
 */
export async function proveOnnx(
  {
    uncalibrated,
    calibrated,
  }: { readonly uncalibrated: readonly ModelArtifact[]; readonly calibrated: readonly ModelArtifact[] },
  {
    matrix,
    scored,
    finish,
  }: { readonly matrix: FeatureMatrix; readonly scored: ScoredRows; readonly finish: Finish },
): Promise<ParityReport> {
  const { rows, raw } = scored;
  const prove = async (artifacts: readonly ModelArtifact[], probability: Float64Array, steepness: number) => {
    const scorer = await openOnnxScorer(onnxOf(artifacts).bytes);
    try {
      return await proveParity({ scorer, matrix, rows, native: { raw, probability }, steepness });
    } finally {
      await scorer.dispose();
    }
  };
  const report = await prove(uncalibrated, scored.uncalibrated, 1);
  const steepness = steepnessOf(finish.calibration);
  if (uncalibrated !== calibrated) await prove(calibrated, scored.probability, steepness);
  return report;
}
