import type { FeatureMatrix, ModelArtifact } from '@risk-scoring/contract';
import { type CountedPart, distributionOf, effectiveRows } from '@risk-scoring/evaluation';
import type { Distribution } from '@risk-scoring/model-storage';
import { openOnnxScorer } from '@risk-scoring/onnx';
import type { FittedModel } from './fit.ts';
import { rowsOfGroups, visibleRows } from './labelling/mask.ts';
import { onnxOf } from './onnx-of.ts';
import { servedScores } from './scoring/served-scores.ts';
import { betweenParts, type SnapshotRows } from './snapshot-stability.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Fewer rows that the model has not learned from say too little of how its scores are distributed. */
const FEWEST_SCORE_ROWS = 100;

/** Fewer labelled addresses cannot stand for those of a snapshot. */
const FEWEST_LABELLED_GROUPS = 10;

/** A training and the model that it saved. */
export interface ServedTraining {
  readonly plan: TrainingPlan;
  readonly matrix: FeatureMatrix;
  /** What the saved model learned from; after a refit it is not the one that was judged. */
  readonly saved: Pick<FittedModel, 'trainRows' | 'validationRows'>;
  /** The files of the saved model, as they are saved. */
  readonly artifacts: readonly ModelArtifact[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * The saved model's scores, by the file that serves, of rows of groups that it has not learned from; of all rows where these are too few. The native
 * model's differ in the last bits, and where many rows share a score those decide on which side of an edge all of them fall.
 */
export async function referenceScores(
  { plan, matrix, saved, artifacts, signal }: ServedTraining,
  snapshots: readonly SnapshotRows[],
): Promise<ReferenceScores> {
  const { judging, splitGroups } = plan;
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
export interface ReferenceScores {
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
