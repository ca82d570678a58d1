import { OnnxModelError } from '../errors.ts';
import { FIELDS } from './field-numbers.ts';
import type { NamedMessage, OnnxGraphParts, OnnxModelParts, OnnxNode, Opset } from './onnx-parts.ts';
import { bytesOf, type Field, integerOf, readFields, textOf } from './proto-fields.ts';

/**
 * Takes an ONNX model apart: whatever `writeOnnxParts` does not write anew is kept byte for byte.
 *
 * @throws {OnnxModelError} where the bytes are no ONNX model, or one with subgraphs (If, Loop, Scan), whose
 *   names an edit would have to follow
 */
export function readOnnxParts(bytes: Uint8Array): OnnxModelParts {
  const { model } = FIELDS;
  const edited = [model.irVersion, model.graph, model.opsets, model.metadata];
  const fields = groupFields(bytes, 'ModelProto', edited);
  const graphs = fields.of(model.graph);
  const [graph] = graphs;
  if (graph === undefined || graphs.length > 1) {
    throw new OnnxModelError({ expected: 'an ONNX model with one graph', found: `${graphs.length} of them` });
  }
  const irVersion = fields.of(model.irVersion).map((field) => integerOf(field, 'ModelProto'));
  return {
    irVersion: irVersion.at(-1) ?? 0,
    opsets: fields.of(model.opsets).map((field) => readOpset(bytesOf(field, 'ModelProto'))),
    graph: readGraph(bytesOf(graph, 'ModelProto')),
    metadata: readEntries(fields.of(model.metadata)),
    others: fields.others,
  };
}

/** StringStringEntryProto messages, such as metadata_props; of a key that stands there twice the last value counts. */
export function readEntries(fields: readonly Field[]): Record<string, string> {
  const what = 'StringStringEntryProto';
  return Object.fromEntries(
    fields.map((field) => {
      const entry = groupFields(bytesOf(field, what), what, Object.values(FIELDS.entry));
      return [lastText(entry.of(FIELDS.entry.key), what), lastText(entry.of(FIELDS.entry.value), what)];
    }),
  );
}

function readOpset(message: Uint8Array): Opset {
  const what = 'OperatorSetIdProto';
  const fields = groupFields(message, what, Object.values(FIELDS.opset));
  const domain = lastText(fields.of(FIELDS.opset.domain), what);
  const version = fields.of(FIELDS.opset.version).map((field) => integerOf(field, what));
  // Both are the domain of ONNX itself.
  return { domain: domain === 'ai.onnx' ? '' : domain, version: version.at(-1) ?? 0 };
}

function readGraph(message: Uint8Array): OnnxGraphParts {
  const { graph } = FIELDS;
  const what = 'GraphProto';
  const fields = groupFields(message, what, Object.values(graph));
  const named = (number: number, kind: string, nameField: number) =>
    fields.of(number).map((field) => readNamed(bytesOf(field, what), kind, nameField));
  return {
    name: lastText(fields.of(graph.name), what),
    nodes: fields.of(graph.nodes).map((field) => readNode(bytesOf(field, what))),
    initializers: named(graph.initializers, 'TensorProto', FIELDS.tensor.name),
    inputs: named(graph.inputs, 'ValueInfoProto', FIELDS.valueInfo.name),
    outputs: named(graph.outputs, 'ValueInfoProto', FIELDS.valueInfo.name),
    values: named(graph.values, 'ValueInfoProto', FIELDS.valueInfo.name),
    others: fields.others,
  };
}

/** NodeProto. */
export function readNode(message: Uint8Array): OnnxNode {
  const { node } = FIELDS;
  const what = 'NodeProto';
  const fields = groupFields(message, what, Object.values(node));
  const operator = lastText(fields.of(node.operator), what);
  const attributes = fields.of(node.attributes).map((field) => bytesOf(field, what));
  for (const attribute of attributes) refuseSubgraphs(attribute, operator);
  return {
    operator,
    name: lastText(fields.of(node.name), what),
    inputs: fields.of(node.inputs).map((field) => textOf(field, what)),
    outputs: fields.of(node.outputs).map((field) => textOf(field, what)),
    attributes,
    others: fields.others,
  };
}

function refuseSubgraphs(attribute: Uint8Array, operator: string): void {
  const { graph, graphs } = FIELDS.attribute;
  const fields = readFields(attribute, 'AttributeProto');
  if (!fields.some(({ number }) => number === graph || number === graphs)) return;
  throw new OnnxModelError({
    expected: 'an ONNX model without subgraphs',
    found: `the operator ${operator.slice(0, 60)} with one`,
  });
}

/** TensorProto of an initializer. */
export function readInitializer(message: Uint8Array): NamedMessage {
  return readNamed(message, 'TensorProto', FIELDS.tensor.name);
}

function readNamed(message: Uint8Array, what: string, nameField: number): NamedMessage {
  const fields = groupFields(message, what, [nameField]);
  return { name: lastText(fields.of(nameField), what), others: fields.others };
}

/** The fields of a message by their numbers, and those of other numbers. */
function groupFields(message: Uint8Array, what: string, known: readonly number[]) {
  const fields = readFields(message, what);
  return {
    of: (number: number) => fields.filter((field) => field.number === number),
    others: fields.filter((field) => !known.includes(field.number)),
  };
}

function lastText(fields: readonly Field[], what: string): string {
  const last = fields.at(-1);
  return last === undefined ? '' : textOf(last, what);
}
