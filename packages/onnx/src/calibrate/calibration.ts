import { InvalidInputError } from '@risk-scoring/contract';

/**
 * How a probability p is calibrated: not at all; by `1 / (1 + exp(−(slope · log(p / (1 − p)) + intercept)))` (Platt scaling
 * of the log-odds); or by interpolating linearly between knots, constant outside of them (isotonic regression).
 */
export type OnnxCalibration =
  | { readonly method: 'none' }
  | { readonly method: 'platt'; readonly slope: number; readonly intercept: number }
  | { readonly method: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] };

/** The most knots of an isotonic calibration: each costs every row a few operations. */
export const MAX_KNOTS = 1000;

/**
 * Refuses a calibration that is not a function from 0..1 to 0..1 that keeps the order of probabilities.
 *
 * @throws {InvalidInputError} where slope ≤ 0, x or y does not increase strictly or leaves 0..1, their lengths
 *   differ, there are fewer than 2 knots or more than 1000, or a number is not finite
 */
export function assertCalibration(calibration: OnnxCalibration): void {
  switch (calibration.method) {
    case 'none':
      return;
    case 'platt':
      if (!(Number.isFinite(calibration.slope) && calibration.slope > 0))
        throw invalid('a slope above 0', calibration.slope);
      if (!Number.isFinite(calibration.intercept)) throw invalid('a finite intercept', calibration.intercept);
      return;
    case 'isotonic':
      assertKnots(calibration.x, calibration.y);
      return;
    default:
      throw invalid("the method 'none', 'platt' or 'isotonic'", (calibration as { method: unknown }).method);
  }
}

function assertKnots(x: readonly number[], y: readonly number[]): void {
  if (!Array.isArray(x) || !Array.isArray(y)) throw invalid('knots as two lists, x and y', typeof x);
  if (x.length !== y.length || x.length < 2 || x.length > MAX_KNOTS) {
    throw invalid(`2 to ${MAX_KNOTS} knots, as many x as y`, `${x.length} x, ${y.length} y`);
  }
  assertIncreasing('x', x);
  assertIncreasing('y', y);
  for (let i = 1; i < x.length; i++) {
    const slope = ((y[i] as number) - (y[i - 1] as number)) / ((x[i] as number) - (x[i - 1] as number));
    if (!Number.isFinite(slope)) throw invalid('knots further apart', `x ${x[i - 1]} and ${x[i]}`);
  }
}

function assertIncreasing(name: string, values: readonly number[]): void {
  for (const [i, value] of values.entries()) {
    const above = values[i - 1] ?? Number.NEGATIVE_INFINITY;
    if (Number.isFinite(value) && value > above && value >= 0 && value <= 1) continue;
    throw invalid(`${name} within 0..1 that increases strictly`, `${value} at knot ${i}`);
  }
}

function invalid(expected: string, found: unknown): InvalidInputError {
  return new InvalidInputError({ what: 'The calibration', expected, found });
}
