import { InvalidInputError } from '@risk-scoring/contract';

/** Scores as the model gives them. */
export interface NoCalibration {
  readonly method: 'none';
}

/** σ(slope · logit(p) + intercept); the slope is above 0. */
export interface PlattCalibration {
  readonly method: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/** Straight lines between the knots (x, y); both strictly increasing and within 0..1. */
export interface IsotonicCalibration {
  readonly method: 'isotonic';
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** A strictly increasing function from probabilities to better ones, as plain JSON. It never changes an order. */
export type Calibration = NoCalibration | PlattCalibration | IsotonicCalibration;

/** Its name. */
export type CalibrationMethod = Calibration['method'];

/** Simplest first. */
export const CALIBRATION_METHODS: readonly CalibrationMethod[] = ['none', 'platt', 'isotonic'];

/** What came of fitting: a calibration, or why there is none. */
export type CalibrationFit<Fitted extends Calibration> =
  | { readonly calibration: Fitted }
  | { readonly calibration: undefined; readonly reason: string };

/**
 * Checks what was read from a file or written by hand.
 *
 * @throws {InvalidInputError} unless it is a calibration
 * @example
 * const calibration: unknown = JSON.parse(text).calibration;
 * assertCalibration(calibration);
 * calibrate(calibration, scores);
 */
export function assertCalibration(value: unknown): asserts value is Calibration {
  const { method, slope, intercept, x, y } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (method === 'none') return;
  if (method === 'platt' && isNumber(slope) && slope > 0 && isNumber(intercept)) return;
  if (method === 'isotonic' && isIncreasing(x) && isIncreasing(y) && x.length === y.length && x.length > 1) {
    return;
  }
  throw new InvalidInputError({
    what: 'The calibration',
    expected:
      "{ method: 'none' }, 'platt' with a slope above 0 and an intercept, or 'isotonic' with two or more knots x and y, both strictly increasing within 0..1",
    found: JSON.stringify(value)?.slice(0, 200),
  });
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isIncreasing(values: unknown): values is readonly number[] {
  if (!Array.isArray(values)) return false;
  return values.every(
    (value, i) => isNumber(value) && value >= 0 && value <= 1 && (i === 0 || value > values[i - 1]),
  );
}
