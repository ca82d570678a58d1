import { InvalidInputError } from '@risk-scoring/contract';

/** One value per metric. */
export interface MetricValues {
  readonly auc: number;
  readonly prAuc: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly brier: number;
  readonly logLoss: number;
  /** Expected calibration error. */
  readonly ece: number;
}

/**
 * The figures of a scorer that knows the share of positives and nothing of the rows: it gives that share as
 * everyone's probability (AUC, PR-AUC, Brier score, log loss, ECE) or flags everyone (precision, recall, F1). Its ECE is 0: it promises
 * nothing but the truth, and tells nobody apart. ECE alone says little.
 *
 * @param positiveRate the (weighted) share of positives, between 0 and 1
 * @example
 * classPriorBaseline(0.2).prAuc; // 0.2
 */
export function classPriorBaseline(positiveRate: number): MetricValues {
  if (!(positiveRate > 0 && positiveRate < 1)) {
    throw new InvalidInputError({
      what: 'The share of positives',
      expected: 'a number between 0 and 1',
      found: positiveRate,
    });
  }
  const negativeRate = 1 - positiveRate;
  return {
    auc: 0.5,
    prAuc: positiveRate,
    precision: positiveRate,
    recall: 1,
    f1: (2 * positiveRate) / (1 + positiveRate),
    brier: positiveRate * negativeRate,
    logLoss: -positiveRate * Math.log(positiveRate) - negativeRate * Math.log(negativeRate),
    ece: 0,
  };
}
