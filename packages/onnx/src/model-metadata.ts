import { assertCalibration, type OnnxCalibration } from './calibrate/calibration.ts';
import { LINKS, type Link } from './convert/objectives.ts';
import { OnnxModelError } from './errors.ts';
import { FIELDS } from './graph/field-numbers.ts';
import { readFields, textOf } from './graph/proto-fields.ts';
import { readEntries } from './graph/read-onnx-parts.ts';

/** Keys of metadata_props that a scorer reads; a trainer with an ONNX exporter of its own writes them too. */
export const METADATA_KEYS = {
  /** The input columns in order, as a JSON array of names. */
  featureNames: 'feature_names',
  /** `logistic` (also when absent), `exponential` or `identity`: how `probability` follows, and whether it is one. */
  link: 'link',
  /** What `calibrateOnnx` built in, as JSON; absent where the probability is the model's own. */
  calibration: 'calibration',
} as const;

/** What an ONNX model says of itself. */
export interface OnnxModelMetadata {
  readonly featureNames: readonly string[];
  readonly link: Link;
  /** How `probability` was calibrated after the link; the method `none` where it was not. */
  readonly calibration: OnnxCalibration;
  /** Name and version of what wrote the model. */
  readonly producer: string;
  /** All of metadata_props. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Reads the metadata of an ONNX model without onnxruntime, whose Node binding does not give it.
 *
 * @throws {OnnxModelError} where the bytes are no ONNX model, lack the feature names, or hold an unknown link or calibration
 * @example
 * readOnnxMetadata(await readFile('model.onnx')).featureNames;
 */
export function readOnnxMetadata(bytes: Uint8Array): OnnxModelMetadata {
  const { producer, properties } = readModelMessage(bytes);
  const name = properties[METADATA_KEYS.link] ?? 'logistic';
  const link = LINKS.find((known) => known === name);
  if (link === undefined) {
    throw new OnnxModelError({
      expected: `a link in metadata_props: ${LINKS.map((known) => `'${known}'`).join(', ')}`,
      found: `'${name}'`,
    });
  }
  return {
    featureNames: parseNames(properties[METADATA_KEYS.featureNames]),
    link,
    calibration: parseCalibration(properties[METADATA_KEYS.calibration]),
    producer,
    properties,
  };
}

/** Producer and metadata_props of ModelProto. */
function readModelMessage(bytes: Uint8Array): { producer: string; properties: Record<string, string> } {
  const what = 'ModelProto';
  const { producerName, producerVersion, metadata } = FIELDS.model;
  const fields = readFields(bytes, what);
  const text = (number: number) => {
    const field = fields.findLast((candidate) => candidate.number === number);
    return field === undefined ? '' : textOf(field, what);
  };
  return {
    producer: `${text(producerName)} ${text(producerVersion)}`.trim(),
    properties: readEntries(fields.filter(({ number }) => number === metadata)),
  };
}

function parseCalibration(text: string | undefined): OnnxCalibration {
  if (text === undefined) return { method: 'none' };
  try {
    const calibration = JSON.parse(text);
    assertCalibration(calibration);
    return calibration;
  } catch (cause) {
    throw new OnnxModelError({
      expected: `a calibration in metadata_props under '${METADATA_KEYS.calibration}', as calibrateOnnx writes it`,
      found: `'${text.slice(0, 60)}'`,
      cause,
    });
  }
}

function parseNames(text: string | undefined): readonly string[] {
  let names: unknown;
  try {
    names = JSON.parse(text ?? '');
  } catch {
    names = undefined;
  }
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw new OnnxModelError({
      expected: `the feature names as a JSON array in metadata_props under '${METADATA_KEYS.featureNames}'`,
      found: text === undefined ? 'no such entry' : `'${text.slice(0, 60)}'`,
    });
  }
  return names;
}
