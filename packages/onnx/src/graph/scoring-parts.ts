import { FLOAT } from '../convert/onnx-messages.ts';
import { OnnxModelError } from '../errors.ts';
import { FIELDS } from './field-numbers.ts';
import type { OnnxGraphParts, OnnxModelParts, OnnxNode } from './onnx-parts.ts';
import { integerOf, readFields, textOf } from './proto-fields.ts';
import { readOnnxParts } from './read-onnx-parts.ts';

/** The names that every model scored here has. */
export const SCORING_INPUT = 'features';
export const SCORING_OUTPUTS = ['raw_score', 'probability'] as const;

/** From here on the arithmetic operators take tensors of different shapes and of doubles. */
const minVersion = 8;

/**
 * Takes a model apart that scores feature rows.
 *
 * @throws {OnnxModelError} where the bytes are no such model: its input has to be `features`, its outputs `raw_score` and
 *   `probability`, its operators those of version 8 or later
 */
export function readScoringParts(bytes: Uint8Array): OnnxModelParts {
  const parts = readOnnxParts(bytes);
  const { graph } = parts;
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.map(({ name }) => name).filter((name) => !constants.has(name));
  const outputs = graph.outputs.map(({ name }) => name);
  if (inputs.join() !== SCORING_INPUT || !SCORING_OUTPUTS.every((name) => outputs.includes(name))) {
    throw new OnnxModelError({
      expected: `the input '${SCORING_INPUT}' and the outputs ${SCORING_OUTPUTS.map((name) => `'${name}'`).join(' and ')}`,
      found: `inputs ${quoteAll(inputs)}, outputs ${quoteAll(outputs)}`,
    });
  }
  const opset = parts.opsets.find(({ domain }) => domain === '');
  if (opset === undefined) return { ...parts, opsets: [...parts.opsets, { domain: '', version: 15 }] };
  if (opset.version >= minVersion) return parts;
  throw new OnnxModelError({
    expected: `operators of version ${minVersion} or later`,
    found: `version ${opset.version}`,
  });
}

/**
 * The value behind a float32 output, before the rounding: where the output is a cast to float32, what is cast
 * (`probability_double` in the models of this package); else the output itself.
 */
export function unroundedValue(graph: OnnxGraphParts, output: string): string {
  const producer = graph.nodes.find(({ outputs }) => outputs.includes(output));
  const [source] = producer?.inputs ?? [];
  return producer !== undefined && source !== undefined && castsToFloat(producer) ? source : output;
}

function castsToFloat({ operator, attributes }: OnnxNode): boolean {
  if (operator !== 'Cast') return false;
  const what = 'AttributeProto';
  return attributes.some((attribute) => {
    const fields = readFields(attribute, what);
    const isTarget = fields.some((f) => f.number === FIELDS.attribute.name && textOf(f, what) === 'to');
    return (
      isTarget && fields.some((f) => f.number === FIELDS.attribute.integer && integerOf(f, what) === FLOAT)
    );
  });
}

function quoteAll(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `'${name.slice(0, 60)}'`).join(', ');
}
