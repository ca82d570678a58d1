import { InvalidScoredRowsError } from '../errors.ts';
import type { Scores } from '../scored-rows.ts';
import { assertCalibration, type Calibration, type IsotonicCalibration } from './calibration.ts';
import { clippedLogit, sigmoid } from './logit.ts';

/**
 * Calibrated probabilities. Whatever else applies a calibration (an ONNX graph in doubles) has to give the same figures:
 *
 * - `platt`: σ(slope · ln(c / (1 - c)) + intercept) with c = p clipped to 1e-15 … 1 - 1e-15
 * - `isotonic`: y₀ + Σᵢ slopeᵢ · (clip(p, xᵢ, xᵢ₊₁) - xᵢ), i ascending, slopeᵢ = (yᵢ₊₁ - yᵢ) / (xᵢ₊₁ - xᵢ); constant outside x
 *
 * @param scores probabilities, 0..1
 * @throws {InvalidInputError} on a calibration that is none
 * @throws {InvalidScoredRowsError} on a score outside 0..1
 * @example
 * calibrate({ method: 'platt', slope: 1, intercept: 0 }, Float64Array.of(0.2)); // 0.2
 */
export function calibrate(calibration: Calibration, scores: Scores): Float64Array {
  assertCalibration(calibration);
  checkRange(scores);
  switch (calibration.method) {
    case 'none':
      return Float64Array.from(scores);
    case 'platt': {
      const { slope, intercept } = calibration;
      return Float64Array.from(scores, (score) => sigmoid(slope * clippedLogit(score) + intercept));
    }
    case 'isotonic':
      return interpolate(calibration, scores);
  }
}

/** The sum over all segments, of which those below a score are added up beforehand, and those above it add nothing. */
function interpolate({ x, y }: IsotonicCalibration, scores: Scores): Float64Array {
  const knots = Float64Array.from(x);
  const last = knots.length - 1;
  const slopes = knots.map((from, i) => (i < last ? (y[i + 1] - y[i]) / (knots[i + 1] - from) : 0));
  const reached = new Float64Array(knots.length).fill(y[0]);
  for (let i = 0; i < last; i++) reached[i + 1] = reached[i] + slopes[i] * (knots[i + 1] - knots[i]);
  return Float64Array.from(scores, (score) => {
    if (score <= knots[0]) return reached[0];
    if (score >= knots[last]) return reached[last];
    const segment = segmentOf(knots, score);
    return reached[segment] + slopes[segment] * (score - knots[segment]);
  });
}

/** The segment i with xᵢ <= score < xᵢ₊₁. */
function segmentOf(knots: Float64Array, score: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (knots[middle] <= score) low = middle;
    else high = middle;
  }
  return low;
}

function checkRange(scores: Scores): void {
  const row = scores.findIndex((score) => !(score >= 0 && score <= 1));
  if (row < 0) return;
  throw new InvalidScoredRowsError({
    summary: `The probability of row ${row} cannot be calibrated.`,
    expected: 'a number from 0 to 1',
    found: String(scores[row]),
  });
}

/**
 * How many times as far apart a calibration moves two probabilities at most, and at least 1. Of Platt scaling it is the slope, which is that of the log-odds:
 * near 0 and 1, where it may be steeper in probabilities, these differ by less.
 *
 * @example
 * steepnessOf({ method: 'isotonic', x: [0, 0.5, 1], y: [0, 0.1, 1] }); // 1.8
 */
export function steepnessOf(calibration: Calibration): number {
  if (calibration.method === 'platt') return Math.max(1, calibration.slope);
  if (calibration.method === 'none') return 1;
  const { x, y } = calibration;
  let steepest = 1;
  for (let i = 1; i < x.length; i++) steepest = Math.max(steepest, (y[i] - y[i - 1]) / (x[i] - x[i - 1]));
  return steepest;
}
