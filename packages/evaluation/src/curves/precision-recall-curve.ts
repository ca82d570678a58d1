import type { CurveRequest } from './curve-request.ts';
import { curveWithBands } from './curve-with-bands.ts';
import { classTotals, type RunCounts } from './run-counts.ts';

/** Precision over recall, one entry per point of the grid. */
export interface PrecisionRecallCurve {
  /** Evenly from 0 to 1. */
  readonly recall: readonly number[];
  readonly precision: readonly number[];
  readonly precision_low: readonly number[];
  readonly precision_high: readonly number[];
}

/**
 * The precision-recall curve on an even grid of recalls, with pointwise bands by bootstrap over split groups.
 *
 * The precision at a recall is that of the highest threshold, and so of the fewest flagged rows, that reaches it: the steps that `averagePrecision` adds
 * up. At recall 0 it is that of the highest score that a positive row has. Nothing is interpolated: a straight line between two points of this
 * curve promises what no threshold gives (Davis and Goadrich, The Relationship Between Precision-Recall and ROC Curves, ICML 2006, section 4).
 *
 * @throws {SingleClassError} when a class has no row
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays that are not aligned
 * @throws {TooFewGroupsError} when there is one split group only
 * @throws {InvalidInputError} on resamples, a level or a number of points that cannot be meant
 * @example
 * const { precision, precision_low } = precisionRecallCurve({ labels, scores, rows: test, splitGroups, seed: 42 });
 * console.log(`who wants to find half of the positives gets a precision of ${precision[50]}, at least ${precision_low[50]}`);
 */
export function precisionRecallCurve(request: CurveRequest): PrecisionRecallCurve {
  const { grid, curve, low, high } = curveWithBands(request, drawPrecision);
  return { recall: grid, precision: curve, precision_low: low, precision_high: high };
}

function drawPrecision(counts: RunCounts, curve: Float64Array): void {
  const { positives, negatives } = counts;
  const all = classTotals(counts);
  const steps = curve.length - 1;
  let run = 0;
  for (let point = 0; point <= steps; point++) {
    // Whole numbers are compared, so that no recall is missed by rounding.
    while (positives[run] === 0 || positives[run] * steps < point * all.positives) run++;
    curve[point] = positives[run] / (positives[run] + negatives[run]);
  }
}
