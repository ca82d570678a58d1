import { descendingOrder } from '../descending-order.ts';
import type { CalibrationRows } from './calibration-rows.ts';

/** Stretches of scores in which isotonic regression gives one rate; ascending and aligned. */
export interface IsotonicBlocks {
  /** The highest score of each block. */
  readonly highest: Float64Array;
  /** The weighted mean score of each block. */
  readonly scores: Float64Array;
  /** The weighted share of positives in each block, strictly increasing. */
  readonly rates: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Weighted isotonic regression of labels on scores by pooling adjacent violators (Barlow, Bartholomew, Bremner and Brunk, Statistical
 * Inference under Order Restrictions, 1972). Equal scores are one point; rows of weight 0 do not count. Linear after the sort.
 *
 * @param rows as {@link checkCalibrationRows} accepts them
 */
export function poolAdjacentViolators({ labels, scores, weights }: CalibrationRows): IsotonicBlocks {
  const highest = new Float64Array(labels.length);
  const total = new Float64Array(labels.length);
  const positive = new Float64Array(labels.length);
  const scoreSum = new Float64Array(labels.length);
  let top = -1;
  const mergeTop = () => {
    highest[top - 1] = highest[top];
    total[top - 1] += total[top];
    positive[top - 1] += positive[top];
    scoreSum[top - 1] += scoreSum[top];
    top--;
  };
  const violates = () => top > 0 && positive[top - 1] / total[top - 1] >= positive[top] / total[top];

  const order = descendingOrder(scores);
  for (let i = order.length - 1; i >= 0; i--) {
    const row = order[i];
    const weight = weights === undefined ? 1 : weights[row];
    if (weight === 0) continue;
    // A point is complete, and may be pooled, once a higher score comes.
    if (top < 0 || scores[row] !== highest[top]) {
      while (violates()) mergeTop();
      top++;
      highest[top] = scores[row];
      total[top] = positive[top] = scoreSum[top] = 0;
    }
    total[top] += weight;
    positive[top] += labels[row] === 1 ? weight : 0;
    scoreSum[top] += weight * scores[row];
  }
  while (violates()) mergeTop();

  const used = total.slice(0, top + 1);
  return {
    highest: highest.slice(0, top + 1),
    scores: used.map((weight, block) => scoreSum[block] / weight),
    rates: used.map((weight, block) => positive[block] / weight),
    weights: used,
  };
}
