import { OnnxCalibrationError } from '../errors.ts';
import { appendArithmetic } from '../graph/append-arithmetic.ts';
import { DoubleArithmetic } from '../graph/double-arithmetic.ts';
import { pruneGraph } from '../graph/prune-graph.ts';
import { prefixNames } from '../graph/rename-values.ts';
import { readScoringParts, SCORING_INPUT, unroundedValue } from '../graph/scoring-parts.ts';
import { writeOnnxParts } from '../graph/write-onnx-parts.ts';
import { METADATA_KEYS, readOnnxMetadata } from '../model-metadata.ts';
import { assertCalibration, type OnnxCalibration } from './calibration.ts';
import { calibrationNodes } from './calibration-nodes.ts';

/**
 * Builds a calibration into an ONNX model: `probability` becomes the calibrated one, `raw_score`, which rankings use, stays
 * what it was. With the method `none` the model stays as it is.
 *
 * The formulas are computed in double precision on the uncalibrated probability before its rounding to float32, where the model has
 * such a value, as all models of this package do; the results lie in 0..1. `readOnnxMetadata(bytes).calibration` tells what
 * was built in. The same model and calibration always give the same bytes.
 *
 * A calibration amplifies the rounding of `raw_score` to float32, up to 1.3e-8 in the probability of a logistic model, by its
 * slope: with segments steeper than 70, `proveParity` may refuse the model.
 *
 * @param bytes of a model that `openOnnxScorer` takes, with `probability` in 0..1
 * @throws {OnnxModelError} where the bytes are no such model
 * @throws {OnnxCalibrationError} where the model is calibrated already, or its scores are no probabilities (link identity)
 * @throws {InvalidInputError} where the calibration is none: see `OnnxCalibration`
 * @example
 * const calibrated = calibrateOnnx(onnx, { method: 'platt', slope: 0.8, intercept: -0.3 });
 */
export function calibrateOnnx(bytes: Uint8Array, calibration: OnnxCalibration): Uint8Array {
  assertCalibration(calibration);
  const metadata = readOnnxMetadata(bytes);
  const parts = readScoringParts(bytes);
  if (calibration.method === 'none') return bytes.slice();
  if (metadata.calibration.method !== 'none') {
    throw new OnnxCalibrationError({
      expected: 'a model without a calibration',
      found: `one with the calibration '${metadata.calibration.method}'`,
      remedy: 'calibrate the model as it was trained',
    });
  }
  if (metadata.link === 'identity') {
    throw new OnnxCalibrationError({
      expected: 'a model whose scores are probabilities',
      found: "the link 'identity', as of a ranking or a regression",
      remedy: 'leave rankers uncalibrated',
    });
  }
  const kept = new Set([SCORING_INPUT, ...parts.graph.outputs.map(({ name }) => name)]);
  kept.delete('probability');
  const { outputs, ...graph } = prefixNames(parts.graph, 'uncalibrated/', kept);
  const math = new DoubleArithmetic('calibration/');
  const p = math.toDouble(unroundedValue({ ...graph, outputs }, 'uncalibrated/probability'));
  math.toFloat(calibrationNodes(math, calibration, p), 'probability');
  const complete = appendArithmetic({ ...graph, outputs: parts.graph.outputs }, math);
  return writeOnnxParts({
    ...parts,
    graph: pruneGraph(
      complete,
      complete.outputs.map(({ name }) => name),
    ),
    metadata: { ...parts.metadata, [METADATA_KEYS.calibration]: JSON.stringify(calibration) },
  });
}
