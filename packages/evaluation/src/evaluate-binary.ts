import { InvalidInputError } from '@risk-scoring/contract';
import { bootstrapIntervals } from './bootstrap.ts';
import { classPriorBaseline, type MetricValues } from './class-prior-baseline.ts';
import { checkThreshold } from './confusion.ts';
import { denseGroups } from './dense-groups.ts';
import { type DecisionFigures, decisionFigures, orderFigures, probabilityFigures } from './figures.ts';
import { assertFiniteFigures } from './finite-figures.ts';
import type { MetricIntervals } from './intervals.ts';
import { checkBothClasses, checkProbabilities, type Scores, type Weights } from './scored-rows.ts';
import { takeRows } from './take-rows.ts';

/** What to judge. */
export interface EvaluationRequest {
  /** 0 or 1 per row of the data set. */
  readonly labels: Int8Array;
  /** Probabilities; `scores[i]` is about `rows[i]`, which is how a model predicts chosen rows. */
  readonly scores: Scores;
  /** The rows that were scored, as indices into labels, weights and split groups; all of them when absent. */
  readonly rows?: Int32Array | undefined;
  /** How much each row of the data set counts; all the same when absent. */
  readonly weights?: Weights | undefined;
  /** What the intervals draw as a whole (the address), per row of the data set. */
  readonly splitGroups: Int32Array;
  /** A row is flagged when its score is at least this; 0.5 when absent. */
  readonly threshold?: number | undefined;
  /** One more threshold to report on, such as the one that was chosen for use: see {@link BinaryMetrics.atThreshold}. */
  readonly chosenThreshold?: number | undefined;
  readonly seed: number;
  /** Bootstrap resamples for the intervals; 1000 when absent, 0 for no intervals. */
  readonly resamples?: number | undefined;
}

/** The figures of a binary scorer, as plain JSON. */
export interface BinaryMetrics extends MetricValues {
  readonly rows: number;
  /** Distinct split groups among the rows. */
  readonly groups: number;
  /** Rows labelled 1. */
  readonly positives: number;
  /** Where precision, recall and F1 were taken. */
  readonly threshold: number;
  /** The decision at `chosenThreshold`; absent when none was given. */
  readonly atThreshold?: DecisionFigures;
  /** What a scorer gets that knows only the share of positives: the figures to beat. */
  readonly baseline: MetricValues;
  /** 95 % intervals; null when none were asked for. */
  readonly intervals: MetricIntervals | null;
  /** How the intervals were drawn; null when none were asked for. */
  readonly bootstrap: {
    readonly seed: number;
    readonly level: number;
    readonly resamples: number;
    readonly redrawn: number;
  } | null;
}

/**
 * Every figure of a binary scorer on rows it has never seen, with intervals that respect split groups.
 *
 * @throws {SingleClassError} when a class has no row, or no weight
 * @throws {InvalidScoredRowsError} on scores outside 0..1, other labels or arrays that are not aligned
 * @throws {TooFewGroupsError} when intervals are asked for and there is one group only
 * @throws {InvalidInputError} on resamples or a threshold that cannot be meant
 * @throws {NonFiniteFigureError} when weights are so great that a sum overflows
 * @example
 * const scores = await model.predict(matrix, { rows: test });
 * const metrics = evaluateBinary({ labels, scores, rows: test, splitGroups: matrix.splitGroups, seed: 42 });
 * console.log(metrics.auc, metrics.intervals?.auc);
 */
export function evaluateBinary(request: EvaluationRequest): BinaryMetrics {
  const { threshold = 0.5, chosenThreshold, resamples = 1000, seed } = request;
  checkResamples(resamples);
  checkThreshold(threshold);
  if (chosenThreshold !== undefined) checkThreshold(chosenThreshold);
  const rows = takeRows(request);
  const { labels, scores, weights, splitGroups } = rows;
  const { positive, negative } = checkBothClasses(labels, scores, weights);
  checkProbabilities(labels, scores, weights);
  const { precision, recall, f1 } = decisionFigures(rows, threshold);
  const bootstrap = resamples === 0 ? null : bootstrapIntervals({ ...rows, threshold, seed, resamples });
  const metrics: BinaryMetrics = {
    rows: labels.length,
    groups: denseGroups(splitGroups).groups,
    positives: countPositives(labels),
    ...orderFigures(rows),
    precision,
    recall,
    f1,
    ...probabilityFigures(rows),
    threshold,
    ...(chosenThreshold !== undefined && { atThreshold: decisionFigures(rows, chosenThreshold) }),
    baseline: classPriorBaseline(positive / (positive + negative)),
    intervals: bootstrap?.intervals ?? null,
    bootstrap: bootstrap && {
      seed,
      level: bootstrap.level,
      resamples: bootstrap.resamples,
      redrawn: bootstrap.redrawn,
    },
  };
  return assertFiniteFigures(metrics, 'metrics');
}

/** How many rows are labelled 1. */
export function countPositives(labels: Int8Array): number {
  let positives = 0;
  for (let row = 0; row < labels.length; row++) positives += labels[row];
  return positives;
}

/** @throws {InvalidInputError} unless it is a whole number, or 0 for no intervals */
export function checkResamples(resamples: number): void {
  if (Number.isInteger(resamples) && resamples >= 0) return;
  throw new InvalidInputError({
    what: 'The number of resamples',
    expected: 'a whole number of at least 1, or 0 for no intervals',
    found: resamples,
  });
}
