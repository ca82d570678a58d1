import { InvalidInputError } from '@risk-scoring/contract';
import { checkBothClasses, type Scores, type Weights } from './scored-rows.ts';

/** The four outcomes of a decision, in rows or in total weight. */
export interface Outcomes {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** What a threshold makes of the scores. */
export interface Decision {
  /** The share of flagged rows that are positive; 0 when none is flagged. */
  readonly precision: number;
  /** The share of positive rows that are flagged. */
  readonly recall: number;
  /** The harmonic mean of the two; 0 when both are. */
  readonly f1: number;
}

/** Where to cut, and how much each row counts. */
export interface ConfusionOptions {
  /** A row is flagged when its score is at least this. */
  readonly threshold: number;
  readonly weights?: Weights;
}

/**
 * Outcomes, precision, recall and F1 when rows that score at least `threshold` are flagged.
 *
 * @param labels 0 or 1 per row
 * @throws {SingleClassError} when a class has no row, or no weight: recall or precision would mean nothing
 * @throws {InvalidScoredRowsError} on a NaN score, another label or arrays of unequal length
 * @throws {InvalidInputError} on a threshold that is no number
 * @example
 * confusionAt(Int8Array.of(0, 0, 1, 1), Float64Array.of(0.1, 0.4, 0.35, 0.8), { threshold: 0.4 });
 * // { truePositives: 1, falsePositives: 1, …, precision: 0.5, recall: 0.5, f1: 0.5 }
 */
export function confusionAt(
  labels: Int8Array,
  scores: Scores,
  { threshold, weights }: ConfusionOptions,
): Outcomes & Decision {
  checkThreshold(threshold);
  checkBothClasses(labels, scores, weights);
  const totals = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (let row = 0; row < labels.length; row++) {
    totals[outcomeOf(labels[row], scores[row] >= threshold)] += weights === undefined ? 1 : weights[row];
  }
  return { ...totals, ...decisionOf(totals) };
}

/** What flagging, or not flagging, a row of this label is called. */
export function outcomeOf(label: number, flagged: boolean): keyof Outcomes {
  if (flagged) return label === 1 ? 'truePositives' : 'falsePositives';
  return label === 1 ? 'falseNegatives' : 'trueNegatives';
}

/** @throws {InvalidInputError} unless the threshold is a number that scores can be compared with */
export function checkThreshold(threshold: number): void {
  if (Number.isFinite(threshold)) return;
  throw new InvalidInputError({ what: 'The threshold', expected: 'a finite number', found: threshold });
}

/** Precision, recall and F1 of four outcomes, of which some are positive. */
export function decisionOf({ truePositives, falsePositives, falseNegatives }: Outcomes): Decision {
  const flagged = truePositives + falsePositives;
  return {
    precision: flagged > 0 ? truePositives / flagged : 0,
    recall: truePositives / (truePositives + falseNegatives),
    f1: (2 * truePositives) / (flagged + truePositives + falseNegatives),
  };
}
