import type { FeatureMatrix } from '@risk-scoring/contract';
import { InvalidInputError } from '@risk-scoring/contract';
import { OnnxParityError } from '../errors.ts';
import type { OnnxScorer, Scores } from '../scorer/onnx-scorer.ts';

/** The most that probabilities may differ, absolutely. */
export const PROBABILITY_TOLERANCE = 1e-6;
/** The most that raw scores may differ, relative to max(1, |raw|). */
export const RAW_TOLERANCE = 1e-5;

/** How close an ONNX twin came. */
export interface ParityReport {
  readonly rows: number;
  /** Absolute; where the model's link is the identity, relative to max(1, |score|). */
  readonly maxProbabilityDifference: number;
  /** Relative to max(1, |raw|). */
  readonly maxRawRelativeDifference: number;
}

/** What is compared. */
export interface ParityRequest {
  readonly scorer: OnnxScorer;
  readonly matrix: FeatureMatrix;
  /** Rows of the matrix, such as the holdout. */
  readonly rows: Int32Array;
  /** The native model's predictions, one per entry of `rows`. */
  readonly native: Scores;
  /**
   * How steep a calibration is at most, 1 or more: it spreads differences of the uncalibrated probabilities so much, and the tolerance of probabilities
   * grows with it. Prove the uncalibrated model besides.
   */
  readonly steepness?: number;
  readonly signal?: AbortSignal;
}

/**
 * Scores rows with the ONNX twin and compares them with what the native model said of the same rows.
 *
 * @throws {OnnxParityError} where a probability differs by more than 1e-6 (times the steepness) or a raw score by more than 1e-5
 *   relative to max(1, |raw|), or either is NaN
 * @throws {InvalidInputError} where there is no row, or not one native score per row
 * @example
 * const report = await proveParity({ scorer, matrix, rows: holdout, native: { raw, probability } });
 * console.log(`equal within ${report.maxProbabilityDifference} on ${report.rows} rows`);
 */
export async function proveParity(request: ParityRequest): Promise<ParityReport> {
  const { scorer, matrix, rows, native, steepness = 1, signal } = request;
  assertAligned(rows, native);
  const onnx = await scorer.score(matrix, signal === undefined ? { rows } : { rows, signal });
  const raw = worst(onnx.raw, native.raw, true);
  const probability = worst(onnx.probability, native.probability, scorer.link === 'identity');
  refuseBeyond({ what: 'raw score', tolerance: RAW_TOLERANCE, ...raw }, rows);
  refuseBeyond(
    { what: 'probability', tolerance: PROBABILITY_TOLERANCE * Math.max(1, steepness), ...probability },
    rows,
  );
  return {
    rows: rows.length,
    maxProbabilityDifference: probability.difference,
    maxRawRelativeDifference: raw.difference,
  };
}

interface Worst {
  readonly difference: number;
  /** Index into the compared arrays. */
  readonly at: number;
  readonly onnx: number;
  readonly native: number;
}

/** The pair that differs most; a NaN on either side differs by infinity. */
function worst(onnx: Float64Array, native: Float64Array, relative: boolean): Worst {
  let at = 0;
  let difference = 0;
  for (let i = 0; i < onnx.length; i++) {
    const a = onnx[i];
    const b = native[i];
    const gap = Math.abs(a - b) / (relative ? Math.max(1, Math.abs(b)) : 1);
    const counted = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    if (counted > difference) {
      difference = counted;
      at = i;
    }
  }
  return { difference, at, onnx: onnx[at], native: native[at] };
}

function refuseBeyond(found: Worst & { what: string; tolerance: number }, rows: Int32Array): void {
  if (found.difference <= found.tolerance) return;
  throw new OnnxParityError({
    expected: `every ${found.what} within ${found.tolerance} of the native one`,
    found: `${found.onnx} against ${found.native} in row ${rows[found.at]}`,
  });
}

function assertAligned(rows: Int32Array, native: Scores): void {
  if (rows.length > 0 && native.raw.length === rows.length && native.probability.length === rows.length)
    return;
  throw new InvalidInputError({
    what: 'The parity request',
    expected: 'at least one row, and one native score of each kind per row',
    found: `${rows.length} rows, ${native.raw.length} raw scores, ${native.probability.length} probabilities`,
  });
}
