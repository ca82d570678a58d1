import { type Decision, decisionOf, outcomeOf } from './confusion.ts';
import { logLosses, squaredErrors, weightedMean } from './probability-metrics.ts';
import { rankingMetrics, rankRows, rankWeights } from './ranking.ts';
import { calibrationErrorOf } from './reliability.ts';
import { type ClassWeights, hasBothClasses, type Scores, type Weights } from './scored-rows.ts';

/** Rows that have been checked, one entry per scored row. */
export interface CheckedRows {
  readonly labels: Int8Array;
  /** Probabilities. */
  readonly scores: Scores;
  readonly weights: Weights | undefined;
}

/** What a threshold makes of the rows. */
export interface DecisionFigures extends Decision {
  readonly threshold: number;
  /** Rows that score at least the threshold; they are counted, not weighed. */
  readonly flagged: number;
}

/** Figures of rows that may be of one class: null where a figure is not defined. */
export interface FiguresOrNull {
  /** Null unless both classes have weight. */
  readonly auc: number | null;
  /** Null unless both classes have weight. */
  readonly prAuc: number | null;
  /** Precision, recall and F1 are null where no positive row has weight. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Brier score, log loss and ECE are null only where no row has weight. */
  readonly brier: number | null;
  readonly logLoss: number | null;
  readonly ece: number | null;
}

/** AUC and average precision of rows of both classes: one sort. */
export function orderFigures({ labels, scores, weights }: CheckedRows): { auc: number; prAuc: number } {
  const ranking = rankRows(labels, scores);
  const { auc, averagePrecision } = rankingMetrics(ranking, rankWeights(ranking, weights));
  return { auc, prAuc: averagePrecision };
}

/** The figures that read scores as probabilities, of rows with some weight. */
export function probabilityFigures({ labels, scores, weights }: CheckedRows) {
  return {
    brier: weightedMean(squaredErrors(labels, scores), weights),
    logLoss: weightedMean(logLosses(labels, scores), weights),
    ece: calibrationErrorOf(labels, scores, weights),
  };
}

/** The figures of a decision, of rows of which some are positive. */
export function decisionFigures(
  { labels, scores, weights }: CheckedRows,
  threshold: number,
): DecisionFigures {
  const totals = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  let flagged = 0;
  for (let row = 0; row < labels.length; row++) {
    const isFlagged = scores[row] >= threshold;
    if (isFlagged) flagged++;
    totals[outcomeOf(labels[row], isFlagged)] += weights === undefined ? 1 : weights[row];
  }
  return { threshold, ...decisionOf(totals), flagged };
}

/** Every figure that rows of these class weights allow. */
export function figuresOrNull(rows: CheckedRows, threshold: number, classes: ClassWeights): FiguresOrNull {
  const order = hasBothClasses(classes) ? orderFigures(rows) : { auc: null, prAuc: null };
  const { precision, recall, f1 } =
    classes.positive > 0 ? decisionFigures(rows, threshold) : { precision: null, recall: null, f1: null };
  const probability =
    classes.positive + classes.negative > 0
      ? probabilityFigures(rows)
      : { brier: null, logLoss: null, ece: null };
  return { ...order, precision, recall, f1, ...probability };
}
