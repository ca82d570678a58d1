import { type Decision, decisionOf } from '../confusion.ts';
import { descendingOrder } from '../descending-order.ts';
import type { Scores, Weights } from '../scored-rows.ts';
import { between } from './cut-points.ts';

/** A threshold and what it makes of the labelled rows. */
export interface Step extends Decision {
  readonly threshold: number;
}

/** Labelled rows of both classes. */
export interface StepRows {
  readonly labels: Int8Array;
  readonly scores: Scores;
  readonly weights?: Weights | undefined;
}

/**
 * Every decision that a threshold can make and that flags something, from the fewest flagged to all: thresholds midway between
 * neighbouring distinct scores, the last one at the lowest score.
 */
export function* decisionSteps({ labels, scores, weights }: StepRows): Generator<Step> {
  const order = descendingOrder(scores);
  const weightOf = (row: number) => (weights === undefined ? 1 : weights[row]);
  // Summed in the order of the walk, so that flagging every positive is a recall of exactly 1.
  let positives = 0;
  for (const row of order) if (labels[row] === 1) positives += weightOf(row);
  let truePositives = 0;
  let falsePositives = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    if (labels[row] === 1) truePositives += weightOf(row);
    else falsePositives += weightOf(row);
    const next = i + 1 < order.length ? scores[order[i + 1]] : undefined;
    if (next === scores[row] || truePositives + falsePositives === 0) continue;
    const threshold = next === undefined ? scores[row] : between(next, scores[row]);
    const falseNegatives = positives - truePositives;
    yield { threshold, ...decisionOf({ truePositives, falsePositives, falseNegatives, trueNegatives: 0 }) };
  }
}
