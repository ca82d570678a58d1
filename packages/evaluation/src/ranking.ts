import { descendingOrder } from './descending-order.ts';
import type { Scores, Weights } from './scored-rows.ts';

/** Rows from the highest score to the lowest, with the places where a run of equal scores ends. */
export interface Ranking {
  /** `order[i]` is the row at rank i. */
  readonly order: Int32Array;
  /** `labels[i]` is the label of the row at rank i. */
  readonly labels: Uint8Array;
  /** Ascending ranks: run r covers ranks `runEnds[r - 1] ?? 0` … `runEnds[r] - 1`. */
  readonly runEnds: Int32Array;
}

/** The two metrics that depend on the order of the scores alone. */
export interface RankingMetrics {
  readonly auc: number;
  readonly averagePrecision: number;
}

/** Sorts once; {@link rankingMetrics} may then be asked many times with other weights. */
export function rankRows(labels: Int8Array, scores: Scores): Ranking {
  const order = descendingOrder(scores);
  const ranked = new Uint8Array(order.length);
  const runEnds = new Int32Array(order.length);
  let runs = 0;
  let score = scores[order[0]];
  for (let rank = 0; rank < order.length; rank++) {
    const row = order[rank];
    ranked[rank] = labels[row];
    if (scores[row] === score) continue;
    score = scores[row];
    runEnds[runs++] = rank;
  }
  if (order.length > 0) runEnds[runs++] = order.length;
  return { order, labels: ranked, runEnds: runEnds.slice(0, runs) };
}

/** The weights in the order of the ranking; ones where there are none. */
export function rankWeights(ranking: Ranking, weights?: Weights): Float64Array {
  const ranked = new Float64Array(ranking.order.length).fill(1);
  if (weights === undefined) return ranked;
  for (let rank = 0; rank < ranked.length; rank++) ranked[rank] = weights[ranking.order[rank]];
  return ranked;
}

/**
 * ROC AUC and average precision in one pass from the top of the ranking. A run of equal scores is one
 * step of both curves: within it a positive beats a negative half the time.
 *
 * AUC is the Mann–Whitney statistic over P·N (Hanley and McNeil, Radiology 143, 1982). Average
 * precision is Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores, without interpolation, as scikit-learn
 * defines `average_precision_score`.
 *
 * @param weights by rank, of which each class has some; rows of weight 0 count for nothing
 */
export function rankingMetrics(ranking: Ranking, weights: Float64Array): RankingMetrics {
  const { labels, runEnds } = ranking;
  let positives = 0;
  let negatives = 0;
  let wins = 0;
  let precisionSteps = 0;
  let rank = 0;
  for (let run = 0; run < runEnds.length; run++) {
    const end = runEnds[run];
    let runPositives = 0;
    let runNegatives = 0;
    for (; rank < end; rank++) {
      if (labels[rank] === 1) runPositives += weights[rank];
      else runNegatives += weights[rank];
    }
    wins += runNegatives * (positives + runPositives / 2);
    positives += runPositives;
    negatives += runNegatives;
    if (runPositives > 0) precisionSteps += (runPositives * positives) / (positives + negatives);
  }
  return { auc: wins / (positives * negatives), averagePrecision: precisionSteps / positives };
}
