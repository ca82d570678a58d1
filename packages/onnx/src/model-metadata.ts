import { BinaryReader } from '@bufbuild/protobuf/wire';
import { LINKS, type Link } from './convert/objectives.ts';
import { OnnxModelError } from './errors.ts';

/** Keys of metadata_props that a scorer reads; a trainer with an ONNX exporter of its own writes them too. */
export const METADATA_KEYS = {
  /** The input columns in order, as a JSON array of names. */
  featureNames: 'feature_names',
  /** `logistic` (also when absent), `exponential` or `identity`: how `probability` follows, and whether it is one. */
  link: 'link',
} as const;

/** What an ONNX model says of itself. */
export interface OnnxModelMetadata {
  readonly featureNames: readonly string[];
  readonly link: Link;
  /** Name and version of what wrote the model. */
  readonly producer: string;
  /** All of metadata_props. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Reads the metadata of an ONNX model without onnxruntime, whose Node binding does not give it.
 *
 * @throws {OnnxModelError} where the bytes are no ONNX model or lack the feature names
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
  return { featureNames: parseNames(properties[METADATA_KEYS.featureNames]), link, producer, properties };
}

/** Walks over the fields of ModelProto: 2 and 3 name the producer, 14 is metadata_props. */
function readModelMessage(bytes: Uint8Array): { producer: string; properties: Record<string, string> } {
  const producer = { name: '', version: '' };
  const properties: Record<string, string> = {};
  try {
    const reader = new BinaryReader(bytes);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 2) producer.name = reader.string();
      else if (field === 3) producer.version = reader.string();
      else if (field === 14) Object.assign(properties, readEntry(reader.bytes()));
      else reader.skip(wireType, field);
    }
  } catch (cause) {
    throw new OnnxModelError({
      expected: 'an ONNX model',
      found: 'bytes that are no protobuf message',
      cause,
    });
  }
  return { producer: `${producer.name} ${producer.version}`.trim(), properties };
}

/** StringStringEntryProto. */
function readEntry(bytes: Uint8Array): Record<string, string> {
  const reader = new BinaryReader(bytes);
  let key = '';
  let value = '';
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) key = reader.string();
    else if (field === 2) value = reader.string();
    else reader.skip(wireType, field);
  }
  return { [key]: value };
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
