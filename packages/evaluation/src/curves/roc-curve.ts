import type { CurveRequest } from './curve-request.ts';
import { curveWithBands } from './curve-with-bands.ts';
import { classTotals, type RunCounts } from './run-counts.ts';

/** True over false positive rate, one entry per point of the grid. */
export interface RocCurve {
  /** Evenly from 0 to 1. */
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  readonly tpr_low: readonly number[];
  readonly tpr_high: readonly number[];
}

/**
 * The ROC curve on an even grid of false positive rates, with pointwise bands by bootstrap over split groups.
 *
 * Between two thresholds that follow one another the curve is a straight line, so rows of equal scores are one sloping piece (Fawcett, An
 * introduction to ROC analysis, Pattern Recognition Letters 27, 2006, section 5.1). Where it is vertical, its upper end counts: `tpr[0]` is the share of
 * positives that score above all negatives. The trapezoids below it differ from `rocAuc` by half a step of the grid at most.
 *
 * @throws {SingleClassError} when a class has no row
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays that are not aligned
 * @throws {TooFewGroupsError} when there is one split group only
 * @throws {InvalidInputError} on resamples, a level or a number of points that cannot be meant
 * @example
 * const { fpr, tpr, tpr_low, tpr_high } = rocCurve({ labels, scores, rows: test, splitGroups, seed: 42 });
 * console.log(`finds ${tpr[5]} of the positives at 5 % false alarms, ${tpr_low[5]} to ${tpr_high[5]}`);
 */
export function rocCurve(request: CurveRequest): RocCurve {
  const { grid, curve, low, high } = curveWithBands(request, drawRoc);
  return { fpr: grid, tpr: curve, tpr_low: low, tpr_high: high };
}

function drawRoc(counts: RunCounts, curve: Float64Array): void {
  const { positives, negatives } = counts;
  const all = classTotals(counts);
  const steps = curve.length - 1;
  // The corner that the curve leaves for the next one: the last at or left of the point. -1 is the origin.
  let corner = -1;
  for (let point = 0; point <= steps; point++) {
    // Whole numbers are compared, so that no point falls beside its corner by rounding.
    const wanted = point * all.negatives;
    while (corner + 1 < negatives.length && negatives[corner + 1] * steps <= wanted) corner++;
    const left = corner < 0 ? 0 : negatives[corner];
    const height = corner < 0 ? 0 : positives[corner];
    const next = corner + 1;
    const rise =
      next < negatives.length
        ? ((wanted / steps - left) / (negatives[next] - left)) * (positives[next] - height)
        : 0;
    curve[point] = Math.min((height + rise) / all.positives, 1);
  }
}
