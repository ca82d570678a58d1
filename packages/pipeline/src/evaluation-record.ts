import { setImmediate } from 'node:timers/promises';
import { dayText, type FeatureMatrix, type ModelArtifact, throwIfCancelled } from '@risk-scoring/contract';
import {
  type CountedPart,
  distributionOf,
  ECE_BINS,
  effectiveRows,
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
import {
  betweenParts,
  rowsBySnapshot,
  type SnapshotRows,
  valuesBetweenSnapshots,
} from './snapshot-stability.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Fewer rows that the model has not learned from say too little of how its scores are distributed. */
const FEWEST_SCORE_ROWS = 100;

/** Fewer labelled addresses cannot stand for those of a snapshot. */
const FEWEST_LABELLED_GROUPS = 10;

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

/**
 * The saved model's scores, by the file that serves, of rows of groups that it has not learned from; of all rows where these are too few. The native
 * model's differ in the last bits, and where many rows share a score those decide on which side of an edge all of them fall.
 */
async function referenceScores(
  { plan, matrix, saved, artifacts, signal }: RecordedTraining,
  snapshots: readonly SnapshotRows[],
): Promise<ReferenceScores> {
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
    const all = scores.length === matrix.rows;
    const ofRow = scoresByRow(scores, all ? null : unseen, matrix.rows);
    const labels = all ? undefined : judging?.labels;
    const mixed = labels === undefined ? scores : (mixAsInPeriod(ofRow, labels) ?? scores);
    const distribution = distributionOf(mixed);
    const ofSnapshot = (snapshot: SnapshotRows) =>
      countScores(snapshot, { ofRow, labels, edges: distribution.edges, groups: matrix.splitGroups });
    return { distribution, rows: scores.length, betweenSnapshots: betweenParts(snapshots.map(ofSnapshot)) };
  } finally {
    await scorer.dispose();
  }
}

/** Scores that later ones are compared with, and of how many rows they are. */
interface ReferenceScores {
  readonly distribution: Distribution;
  readonly rows: number;
  readonly betweenSnapshots: (number | null)[];
}

/** One score per row of the matrix; NaN where there is none. */
function scoresByRow(scores: Float64Array, rows: Int32Array | null, size: number): Float64Array {
  if (rows === null) return scores;
  const ofRow = new Float64Array(size).fill(Number.NaN);
  for (const [index, row] of rows.entries()) ofRow[row] = scores[index] ?? Number.NaN;
  return ofRow;
}

/**
 * Scores of unseen rows with as many of labelled ones among them as the rows have: unseen labelled rows are a holdout's, so few, while most rows
 * without a label are unseen; and labelled rows score otherwise, so that any snapshot would seem to have drifted. The labelled ones are repeated.
 *
 * @param scores one per row; NaN where the model has learned from the row
 * @param labels one per row; -1 where there is none
 * @returns null where rows have labels, or none, and no score stands for them
 */
function mixAsInPeriod(scores: Float64Array, labels: Int8Array): Float64Array | null {
  const isLabelled = (_: number, row: number) => (labels[row] ?? -1) >= 0;
  const labelled = labels.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0);
  const unlabelled = labels.length - labelled;
  const known = (values: Float64Array) => values.filter((score) => !Number.isNaN(score));
  const ofLabelled = known(scores.filter(isLabelled));
  const others = known(scores.filter((score, row) => !isLabelled(score, row)));
  if (labelled === 0 || unlabelled === 0) return known(scores);
  if (ofLabelled.length === 0 || others.length === 0) return null;
  const wanted = Math.round((others.length * labelled) / unlabelled);
  const mixed = new Float64Array(others.length + wanted);
  mixed.set(others);
  // Every labelled score equally often, but for the rest of the division, which is taken evenly.
  for (let index = 0; index < wanted; index++) {
    mixed[others.length + index] = ofLabelled[Math.floor((index * ofLabelled.length) / wanted)] ?? Number.NaN;
  }
  return mixed;
}

/** Counts the scores of a snapshot as those of the period; null where too few of its labelled addresses are unseen to stand for the others. */
function countScores(
  { rows }: SnapshotRows,
  of: {
    readonly ofRow: Float64Array;
    readonly labels: Int8Array | undefined;
    readonly edges: readonly number[];
    readonly groups: Int32Array;
  },
): CountedPart | null {
  const scores = Float64Array.from(rows, (row) => of.ofRow[row] ?? Number.NaN);
  const groupsWhere = (holds: (row: number) => boolean) =>
    Array.from(
      rows.filter((row, index) => !Number.isNaN(scores[index]) && holds(row)),
      (row) => of.groups[row] ?? -1,
    );
  const unseen = groupsWhere(() => true);
  let mixed: Float64Array | null = scores;
  if (of.labels !== undefined) {
    const labels = Int8Array.from(rows, (row) => of.labels?.[row] ?? -1);
    const labelled = new Set(groupsWhere((row) => (of.labels?.[row] ?? -1) >= 0)).size;
    if (labelled < FEWEST_LABELLED_GROUPS && labels.some((label) => label >= 0)) return null;
    mixed = mixAsInPeriod(scores, labels);
  }
  if (mixed === null) return null;
  return {
    distribution: distributionOf(mixed, { edges: of.edges }),
    rows: mixed.length,
    effectiveRows: Math.min(mixed.length, effectiveRows(unseen)),
  };
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
