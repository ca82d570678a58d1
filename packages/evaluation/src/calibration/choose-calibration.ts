import { InvalidInputError } from '@risk-scoring/contract';
import { InvalidScoredRowsError } from '../errors.ts';
import { brierScore } from '../probability-metrics.ts';
import { calibrate } from './calibrate.ts';
import {
  CALIBRATION_METHODS,
  type Calibration,
  type CalibrationFit,
  type CalibrationMethod,
} from './calibration.ts';
import { type CalibrationRows, checkCalibrationRows } from './calibration-rows.ts';
import { CalibrationRefusedError } from './errors.ts';
import { fitIsotonic } from './fit-isotonic.ts';
import { fitPlatt } from './fit-platt.ts';

/**
 * Below these, isotonic regression is not considered: it has as many free steps as the data allow, and with a handful of rows of a class per fold the
 * comparison of Brier scores is itself noise. (Niculescu-Mizil and Caruana, ICML 2005, see it overtake Platt scaling at about 1,000 rows;
 * between the two, the comparison decides.)
 */
const ISOTONIC_ROWS = 100;
const ISOTONIC_ROWS_OF_A_CLASS = 10;

/** Rows that the scoring models did not learn from, and how to divide them. */
export interface CalibrationRequest extends CalibrationRows {
  /** The fold of each row, any whole numbers, at least two different ones. Rows of one address belong in one fold. */
  readonly folds: Int32Array | Uint8Array | readonly number[];
  /** What to choose from. Default: all of {@link CALIBRATION_METHODS}. */
  readonly methods?: readonly CalibrationMethod[];
}

/** What was chosen, and what it was chosen by. */
export interface CalibrationChoice {
  /** Fitted on all rows. */
  readonly calibration: Calibration;
  /** Brier score on left-out folds; null where a method was not considered. */
  readonly brier: Readonly<Record<CalibrationMethod, number | null>>;
  /** Why a method that was asked for was not considered; absent where all were. */
  readonly reasons?: Readonly<Partial<Record<CalibrationMethod, string>>>;
}

/**
 * Chooses a calibration by its Brier score on rows that it was not fitted on.
 *
 * For each method and fold, the method is fitted on all other folds and applied to this one; the Brier score is of all rows
 * pooled, weighted. The smallest wins, and of equal ones the simplest: none, then Platt, then isotonic. The winner is fitted again on all
 * rows. A method that cannot be fitted on all rows, or without one of the folds, is not considered, and the reason is given.
 *
 * @throws {SingleClassError} when a class has no weight
 * @throws {InvalidScoredRowsError} on a score outside 0..1, another label or arrays of unequal length
 * @throws {InvalidInputError} when there are fewer than two folds, or a method is unknown
 * @throws {CalibrationRefusedError} when none of `methods` can be fitted; never where 'none' is among them
 * @example
 * const { calibration, brier } = chooseCalibration({ labels, scores, folds });
 * // calibration.method 'platt', brier { none: 0.112, platt: 0.094, isotonic: 0.095 }
 */
export function chooseCalibration(request: CalibrationRequest): CalibrationChoice {
  checkCalibrationRows(request);
  const folds = checkedFolds(request);
  const methods = checkedMethods(request.methods);
  const brier: Record<CalibrationMethod, number | null> = { none: null, platt: null, isotonic: null };
  const reasons: Partial<Record<CalibrationMethod, string>> = {};
  let best: { readonly calibration: Calibration; readonly brier: number } | undefined;
  for (const method of methods) {
    const trial = tryMethod(method, request, folds);
    if (trial.calibration === undefined) {
      reasons[method] = trial.reason;
      continue;
    }
    brier[method] = trial.brier;
    if (best === undefined || trial.brier < best.brier) best = trial;
  }
  const given = Object.entries(reasons);
  if (best === undefined) {
    const text = given.map(([method, reason]) => `${method}: ${reason}`).join('; ');
    throw new CalibrationRefusedError({ reasons: text });
  }
  return { calibration: best.calibration, brier, ...(given.length > 0 ? { reasons } : {}) };
}

type Trial =
  | { readonly calibration: Calibration; readonly brier: number }
  | { readonly calibration: undefined; readonly reason: string };

function tryMethod(method: CalibrationMethod, rows: CalibrationRows, folds: Int32Array): Trial {
  const tooFew = method === 'isotonic' ? tooFewForIsotonic(rows) : undefined;
  if (tooFew !== undefined) return { calibration: undefined, reason: tooFew };
  const whole = fitMethod(method, rows);
  if (whole.calibration === undefined) return whole;
  const calibrated = new Float64Array(rows.labels.length);
  for (const fold of new Set(folds)) {
    const fit = fitMethod(
      method,
      takeWhere(rows, (row) => folds[row] !== fold),
    );
    if (fit.calibration === undefined) {
      return { calibration: undefined, reason: `without fold ${fold}, ${fit.reason}` };
    }
    const isLeftOut = (row: number) => folds[row] === fold;
    const leftOut = calibrate(fit.calibration, takeWhere(rows, isLeftOut).scores);
    let taken = 0;
    for (let row = 0; row < folds.length; row++) if (isLeftOut(row)) calibrated[row] = leftOut[taken++];
  }
  return { calibration: whole.calibration, brier: brierScore(rows.labels, calibrated, rows.weights) };
}

function fitMethod(method: CalibrationMethod, rows: CalibrationRows): CalibrationFit<Calibration> {
  if (method === 'none') return { calibration: { method } };
  const [negatives, positives] = countClasses(rows);
  if (positives === 0 || negatives === 0) {
    return {
      calibration: undefined,
      reason: `there are ${positives} rows labelled 1 and ${negatives} labelled 0`,
    };
  }
  return method === 'platt' ? fitPlatt(rows) : fitIsotonic(rows);
}

function tooFewForIsotonic(rows: CalibrationRows): string | undefined {
  const [negatives, positives] = countClasses(rows);
  if (positives + negatives >= ISOTONIC_ROWS && Math.min(positives, negatives) >= ISOTONIC_ROWS_OF_A_CLASS) {
    return undefined;
  }
  return `it takes ${ISOTONIC_ROWS} rows, and ${ISOTONIC_ROWS_OF_A_CLASS} of each class; there are ${positives} labelled 1 and ${negatives} labelled 0`;
}

/** Rows labelled 0 and 1 that carry weight. */
function countClasses({ labels, weights }: CalibrationRows): readonly [number, number] {
  const counts: [number, number] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    if (weights === undefined || weights[row] > 0) counts[labels[row] === 1 ? 1 : 0]++;
  }
  return counts;
}

function takeWhere(
  { labels, scores, weights }: CalibrationRows,
  isTaken: (row: number) => boolean,
): CalibrationRows {
  return {
    labels: labels.filter((_, row) => isTaken(row)),
    scores: scores.filter((_, row) => isTaken(row)),
    ...(weights === undefined ? {} : { weights: weights.filter((_, row) => isTaken(row)) }),
  };
}

function checkedFolds({ labels, folds }: CalibrationRequest): Int32Array {
  if (folds.length !== labels.length) {
    throw new InvalidScoredRowsError({
      summary: 'Labels and folds are not aligned.',
      expected: 'one fold number per label',
      found: `${labels.length} labels and ${folds.length} folds`,
    });
  }
  const numbers = Int32Array.from(folds);
  if (new Set(numbers).size >= 2) return numbers;
  throw new InvalidInputError({
    what: 'The division into folds',
    expected: 'at least two different fold numbers',
    found: `fold ${numbers[0]} for all rows`,
  });
}

/** Simplest first, whatever the order they were named in. */
function checkedMethods(methods = CALIBRATION_METHODS): readonly CalibrationMethod[] {
  const unknown = methods.find((method) => !CALIBRATION_METHODS.includes(method));
  if (unknown === undefined && methods.length > 0) {
    return CALIBRATION_METHODS.filter((method) => methods.includes(method));
  }
  throw new InvalidInputError({
    what: 'The list of calibration methods',
    expected: `some of ${CALIBRATION_METHODS.join(', ')}`,
    found: unknown ?? 'an empty list',
  });
}
