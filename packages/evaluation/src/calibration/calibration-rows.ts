import { checkBothClasses, checkProbabilities, type Scores, type Weights } from '../scored-rows.ts';

/** What a calibration is fitted on: rows that the model did not learn from. */
export interface CalibrationRows {
  /** 0 or 1 per row. */
  readonly labels: Int8Array;
  /** Probabilities, 0..1. */
  readonly scores: Scores;
  /** A row of weight 2 counts as two rows; all 1 when absent. */
  readonly weights?: Weights;
}

/**
 * @returns the total weight of each class
 * @throws {SingleClassError} when a class has no weight
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label, an odd weight or arrays of unequal length
 */
export function checkCalibrationRows({ labels, scores, weights }: CalibrationRows): {
  readonly positive: number;
  readonly negative: number;
} {
  checkProbabilities(labels, scores, weights);
  return checkBothClasses(labels, scores, weights);
}

/** Whether the rows that carry weight all score the same. */
export function scoresAreEqual({ labels, scores, weights }: CalibrationRows): boolean {
  let first: number | undefined;
  for (let row = 0; row < labels.length; row++) {
    if (weights !== undefined && weights[row] === 0) continue;
    first ??= scores[row];
    if (scores[row] !== first) return false;
  }
  return true;
}
