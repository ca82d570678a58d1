import {
  type Calibration,
  calibrate,
  chooseCalibration,
  chooseThreshold,
  type ThresholdRule,
} from '@risk-scoring/evaluation';
import type { CrossValidation } from './cross-validate.ts';
import type { SettledTrainOptions } from './train-options.ts';
import type { TrainingPlan } from './training-plan.ts';

/** How scores become probabilities, and from which one on an alert is flagged. */
export interface Finish {
  readonly calibration: Calibration;
  /** The Brier score of each method, on folds that it was not fitted on; null for one that was not tried. Undefined where nothing was measured. */
  readonly brier?: Readonly<Record<string, number | null>>;
  /** Null where nothing judges: then nobody can say where to cut. */
  readonly threshold: ReturnType<typeof chooseThreshold> | null;
}

/** What calibrates when nobody chooses, and the names that `--calibration` takes. */
export const CALIBRATIONS = ['auto', 'none', 'platt', 'isotonic'] as const;

/** One of {@link CALIBRATIONS}. */
export type CalibrationChoice = (typeof CALIBRATIONS)[number];

/**
 * Fits the calibration and chooses the threshold on what the models of the folds said of rows that they had not learned from, so that neither sees
 * the holdout. A ranker's scores are no probabilities: they stay as they are, and nothing is flagged by them.
 */
export function finishOf(
  cv: CrossValidation | undefined,
  { judging, modelType, rows }: Pick<TrainingPlan, 'judging' | 'modelType' | 'rows'>,
  options: Pick<SettledTrainOptions, 'calibration' | 'thresholdRule'>,
): Finish {
  const none: Calibration = { method: 'none' };
  if (cv === undefined || judging === undefined || modelType === 'alert_ranker')
    return { calibration: none, threshold: null };
  const labels = Int8Array.from(cv.rows, (row) => judging.labels[row] ?? -1);
  const { calibration, brier } = chooseCalibration({
    labels,
    scores: cv.probability,
    folds: cv.folds,
    ...(options.calibration === 'auto' ? {} : { methods: [options.calibration] }),
  });
  const threshold = chooseThreshold({
    labels,
    scores: calibrate(calibration, cv.probability),
    rule: options.thresholdRule,
    ...(cv.everyRow
      ? {
          budgetScores: calibrate(calibration, cv.everyRow.probability),
          budgetSnapshots: cv.everyRow.rows.map((row) => rows.queryIds[row] ?? 0),
        }
      : {}),
  });
  return { calibration, brier, threshold };
}

/** Whether a rule looks at every alert of a snapshot, labelled or not. */
export function needsEveryRow(rule: ThresholdRule): boolean {
  return rule.by === 'budget';
}
