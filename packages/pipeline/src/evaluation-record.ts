import { setImmediate } from 'node:timers/promises';
import { dayText, type FeatureMatrix, type ModelArtifact, throwIfCancelled } from '@risk-scoring/contract';
import {
  distributionOf,
  ECE_BINS,
  precisionRecallCurve,
  reliability,
  rocCurve,
  scoreHistogram,
  wilsonInterval,
} from '@risk-scoring/evaluation';
import type { Distribution, ModelEvaluation } from '@risk-scoring/model-storage';
import { openOnnxScorer } from '@risk-scoring/onnx';
import type { FittedModel } from './fit.ts';
import type { Judged } from './judge.ts';
import { rowsOfGroups, visibleRows } from './labelling/mask.ts';
import { onnxOf } from './onnx-of.ts';
import { servedScores } from './scoring/served-scores.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Fewer rows that the model has not learned from say too little of how its scores are distributed. */
const FEWEST_SCORE_ROWS = 100;

/** Bins of equal width in the histogram of probabilities. */
const HISTOGRAM_BINS = 20;

/** What {@link recordEvaluation} writes down. */
export interface RecordedTraining {
  readonly plan: TrainingPlan;
  readonly matrix: FeatureMatrix;
  /** What was said of the holdout, and how good that was. */
  readonly judged: Judged;
  /** What the saved model learned from; after a refit it is not the one that was judged. */
  readonly saved: Pick<FittedModel, 'trainRows' | 'validationRows'>;
  /** The files of the saved model, as they are saved. */
  readonly artifacts: readonly ModelArtifact[];
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes down how a model did on its holdout, curve by curve, and what the data looked like that it was made on: what a report draws, and what later
 * snapshots are compared with.
 *
 * The holdout's part is of the model that was judged, by the same scores as its figures; null where it has none. The reference is of the saved model.
 * The intervals of the reliability bins count rows as independent, which those of one address are not; the bands of the curves draw whole groups.
 *
 * @throws {RiskScoringError} `ONNX_MISSING` where no file serves
 * @throws {CancelledError} soon after the signal aborts
 * @example
 * const evaluation = await recordEvaluation({ plan, matrix, judged, saved, artifacts, seed });
 * await saveModel({ database, outputDir, metadata, artifacts, holdoutGroups, evaluation });
 */
export async function recordEvaluation(training: RecordedTraining): Promise<ModelEvaluation> {
  const { plan, matrix, signal } = training;
  const holdout = holdoutOf(training);
  const features = await distributionsOf(matrix, signal);
  const scores = await referenceScores(training);
  return {
    evaluation_version: 1,
    holdout,
    reference: {
      rows: matrix.rows,
      features,
      scores: distributionOf(scores.mixed),
      score_rows: scores.rows,
      snapshots: countSnapshots(plan),
    },
  };
}

function holdoutOf({ plan, judged, seed }: RecordedTraining): ModelEvaluation['holdout'] {
  const { judging, splitGroups } = plan;
  const { metrics, rows, probability: scores } = judged;
  if (judging === undefined || metrics === null) return null;
  const request = { labels: judging.labels, scores, rows, splitGroups, seed };
  const labels = Int8Array.from(rows, (row) => judging.labels[row] ?? -1);
  const roc = rocCurve(request);
  const pr = precisionRecallCurve(request);
  const edges = Array.from({ length: HISTOGRAM_BINS + 1 }, (_, edge) => edge / HISTOGRAM_BINS);
  const histogram = scoreHistogram({ labels, scores, edges });
  return {
    rows: metrics.rows,
    positives: metrics.positives,
    groups: metrics.groups,
    roc: {
      fpr: [...roc.fpr],
      tpr: [...roc.tpr],
      tpr_low: [...roc.tpr_low],
      tpr_high: [...roc.tpr_high],
    },
    pr: {
      recall: [...pr.recall],
      precision: [...pr.precision],
      precision_low: [...pr.precision_low],
      precision_high: [...pr.precision_high],
    },
    reliability: reliabilityOf(labels, scores),
    histogram: {
      edges,
      positives: [...histogram.positives],
      negatives: [...histogram.negatives],
    },
  };
}

/** The bins that the calibration error is made of, those without rows left out. */
function reliabilityOf(
  labels: Int8Array,
  scores: Float64Array,
): NonNullable<ModelEvaluation['holdout']>['reliability'] {
  return reliability(labels, scores, { bins: ECE_BINS }).flatMap(({ rows, mean_score, positive_rate }) => {
    if (mean_score === null || positive_rate === null) return [];
    const [low, high] = wilsonInterval(Math.round(positive_rate * rows), rows);
    return [{ rows, mean_score, positive_rate, low, high }];
  });
}

/** Column by column; others get a turn between two, as many rows take a while. */
async function distributionsOf(
  { values, rows, columns }: FeatureMatrix,
  signal: AbortSignal | undefined,
): Promise<Record<string, Distribution>> {
  const distributions: [string, Distribution][] = [];
  for (const [column, { name }] of columns.entries()) {
    throwIfCancelled(signal, 'recording the features');
    distributions.push([name, distributionOf(values.subarray(column * rows, (column + 1) * rows))]);
    await setImmediate();
  }
  return Object.fromEntries(distributions);
}

/**
 * The saved model's scores, by the file that serves, of rows of groups that it has not learned from; of all rows where these are too few. The native
 * model's differ in the last bits, and where many rows share a score those decide on which side of an edge all of them fall.
 */
async function referenceScores({
  plan,
  matrix,
  saved,
  artifacts,
  signal,
}: RecordedTraining): Promise<ReferenceScores> {
  const { judging } = plan;
  const { splitGroups } = plan;
  const learned = rowsOfGroups(splitGroups, Int32Array.from([...saved.trainRows, ...saved.validationRows]));
  const unseen = visibleRows(learned);
  const scorer = await openOnnxScorer(onnxOf(artifacts).bytes);
  try {
    const { probability, raw } = await scorer.score(matrix, {
      ...(unseen.length >= FEWEST_SCORE_ROWS ? { rows: unseen } : {}),
      ...(signal ? { signal } : {}),
    });
    const scores = servedScores(plan.modelType, { probability, raw });
    if (scores.length < matrix.rows && judging !== undefined) {
      return { mixed: mixAsInPeriod(scores, unseen, judging.labels), rows: scores.length };
    }
    return { mixed: scores, rows: scores.length };
  } finally {
    await scorer.dispose();
  }
}

/** Scores that later ones are compared with, and of how many rows they are. */
interface ReferenceScores {
  readonly mixed: Float64Array;
  readonly rows: number;
}

/**
 * Scores of unseen rows with as many of labelled ones among them as the period has: unseen labelled rows are a holdout's, so few, while most rows
 * without a label are unseen; and labelled rows score otherwise, so that any snapshot would seem to have drifted. The labelled ones are repeated.
 *
 * @param rows of the scores, one each
 * @param labels of the whole period; -1 where there is none
 */
function mixAsInPeriod(scores: Float64Array, rows: Int32Array, labels: Int8Array): Float64Array {
  const isLabelled = (row: number) => (labels[row] ?? -1) >= 0;
  const ofLabelled = scores.filter((_, index) => isLabelled(rows[index] ?? -1));
  const others = scores.filter((_, index) => !isLabelled(rows[index] ?? -1));
  const labelled = labels.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0);
  const unlabelled = labels.length - labelled;
  if (ofLabelled.length === 0 || others.length === 0 || labelled === 0 || unlabelled === 0) return scores;
  const wanted = Math.round((others.length * labelled) / unlabelled);
  const mixed = new Float64Array(others.length + wanted);
  mixed.set(others);
  // Every labelled score equally often, but for the rest of the division, which is taken evenly.
  for (let index = 0; index < wanted; index++) {
    mixed[others.length + index] = ofLabelled[Math.floor((index * ofLabelled.length) / wanted)] ?? Number.NaN;
  }
  return mixed;
}

function countSnapshots({
  rows: { keys },
  judging,
}: TrainingPlan): ModelEvaluation['reference']['snapshots'] {
  const counts = new Map<number, { rows: number; labelled: number; positives: number }>();
  keys.processingDates.forEach((date, row) => {
    const count = counts.get(date) ?? { rows: 0, labelled: 0, positives: 0 };
    counts.set(date, count);
    const label = judging?.labels[row] ?? -1;
    count.rows += 1;
    if (label >= 0) count.labelled += 1;
    if (label === 1) count.positives += 1;
  });
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([date, count]) => ({ processing_date: dayText(date), ...count }));
}
