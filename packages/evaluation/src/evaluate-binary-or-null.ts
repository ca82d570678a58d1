import type { MetricValues } from './class-prior-baseline.ts';
import { checkThreshold } from './confusion.ts';
import { denseGroups } from './dense-groups.ts';
import {
  type BinaryMetrics,
  checkResamples,
  countPositives,
  type EvaluationRequest,
  evaluateBinary,
} from './evaluate-binary.ts';
import { type DecisionFigures, decisionFigures, type FiguresOrNull, figuresOrNull } from './figures.ts';
import { assertFiniteFigures } from './finite-figures.ts';
import { checkProbabilities, hasBothClasses } from './scored-rows.ts';
import { takeRows } from './take-rows.ts';

/** {@link BinaryMetrics} of rows that may be of one class, as plain JSON: null where a figure is not defined. */
export interface BinaryMetricsOrNull
  extends Omit<BinaryMetrics, keyof MetricValues | 'baseline' | 'atThreshold'>,
    FiguresOrNull {
  /** The decision at `chosenThreshold`: null where no positive row has weight; absent when none was given. */
  readonly atThreshold?: DecisionFigures | null;
  /** Null unless both classes have weight. */
  readonly baseline: MetricValues | null;
}

/**
 * As {@link evaluateBinary}, but where a class is missing the figures that need it are null rather than an error: AUC,
 * PR-AUC and the baseline need both classes, precision, recall and F1 need a positive row; Brier score, log loss and ECE stay
 * numbers. Intervals are null as well, and so they are where there is one split group only.
 *
 * @throws {InvalidScoredRowsError} on scores outside 0..1, other labels, arrays that are not aligned or no weight at all
 * @throws {InvalidInputError} on resamples or a threshold that cannot be meant
 * @throws {NonFiniteFigureError} when weights are so great that a sum overflows
 * @example
 * evaluateBinaryOrNull({ labels: Int8Array.of(0, 0), scores: Float64Array.of(0.1, 0.3), splitGroups, seed: 42 });
 * // { auc: null, brier: 0.05, intervals: null, … }
 */
export function evaluateBinaryOrNull(request: EvaluationRequest): BinaryMetricsOrNull {
  const { threshold = 0.5, chosenThreshold, resamples = 1000 } = request;
  checkResamples(resamples);
  checkThreshold(threshold);
  if (chosenThreshold !== undefined) checkThreshold(chosenThreshold);
  const rows = takeRows(request);
  const classes = checkProbabilities(rows.labels, rows.scores, rows.weights);
  const { groups } = denseGroups(rows.splitGroups);
  if (hasBothClasses(classes)) return evaluateBinary(groups > 1 ? request : { ...request, resamples: 0 });
  const metrics: BinaryMetricsOrNull = {
    rows: rows.labels.length,
    groups,
    positives: countPositives(rows.labels),
    ...figuresOrNull(rows, threshold, classes),
    threshold,
    ...(chosenThreshold !== undefined && {
      atThreshold: classes.positive > 0 ? decisionFigures(rows, chosenThreshold) : null,
    }),
    baseline: null,
    intervals: null,
    bootstrap: null,
  };
  return assertFiniteFigures(metrics, 'metrics');
}
