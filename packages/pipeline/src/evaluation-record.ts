import { setImmediate } from 'node:timers/promises';
import { dayText, type FeatureMatrix, throwIfCancelled } from '@risk-scoring/contract';
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
import type { Judged } from './judge.ts';
import { referenceScores, type ServedTraining } from './reference-scores.ts';
import { rowsBySnapshot, type SnapshotRows, valuesBetweenSnapshots } from './snapshot-stability.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Bins of equal width in the histogram of probabilities. */
const HISTOGRAM_BINS = 20;

/** What {@link recordEvaluation} writes down. */
export interface RecordedTraining extends ServedTraining {
  /** What was said of the holdout, and how good that was. */
  readonly judged: Judged;
  readonly seed: number;
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
  const snapshots = rowsBySnapshot(matrix);
  const features = await distributionsOf(matrix, snapshots, signal);
  const scores = await referenceScores(training, snapshots);
  return {
    evaluation_version: 1,
    holdout,
    reference: {
      rows: matrix.rows,
      features: features.distributions,
      scores: scores.distribution,
      score_rows: scores.rows,
      psi_between_snapshots: { features: features.betweenSnapshots, scores: scores.betweenSnapshots },
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
  snapshots: readonly SnapshotRows[],
  signal: AbortSignal | undefined,
): Promise<RecordedFeatures> {
  const distributions: [string, Distribution][] = [];
  const betweenSnapshots: [string, (number | null)[]][] = [];
  for (const [column, { name }] of columns.entries()) {
    throwIfCancelled(signal, 'recording the features');
    const ofColumn = values.subarray(column * rows, (column + 1) * rows);
    const distribution = distributionOf(ofColumn);
    distributions.push([name, distribution]);
    betweenSnapshots.push([name, valuesBetweenSnapshots(ofColumn, { edges: distribution.edges, snapshots })]);
    await setImmediate();
  }
  return {
    distributions: Object.fromEntries(distributions),
    betweenSnapshots: Object.fromEntries(betweenSnapshots),
  };
}

/** By feature. */
interface RecordedFeatures {
  readonly distributions: Record<string, Distribution>;
  readonly betweenSnapshots: Record<string, (number | null)[]>;
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
