import { FIELDS } from './field-numbers.ts';
import type { NamedMessage, OnnxGraphParts, OnnxModelParts, OnnxNode } from './onnx-parts.ts';
import { bytesField, type Field, integerField, textField, writeFields } from './proto-fields.ts';

/** Puts a model together again; what this package wrote comes out as the same bytes. */
export function writeOnnxParts(parts: OnnxModelParts): Uint8Array {
  const { model, opset, entry } = FIELDS;
  const pair = (first: Field, second: Field) => writeFields([first, second]);
  return writeFields([
    integerField(model.irVersion, parts.irVersion),
    bytesField(model.graph, writeGraph(parts.graph)),
    ...parts.opsets.map(({ domain, version }) =>
      bytesField(model.opsets, pair(textField(opset.domain, domain), integerField(opset.version, version))),
    ),
    ...Object.entries(parts.metadata).map(([key, value]) =>
      bytesField(model.metadata, pair(textField(entry.key, key), textField(entry.value, value))),
    ),
    ...parts.others,
  ]);
}

function writeGraph(parts: OnnxGraphParts): Uint8Array {
  const { graph, tensor, valueInfo } = FIELDS;
  const named = (number: number, messages: readonly NamedMessage[], nameField: number) =>
    messages.map((message) => bytesField(number, writeNamed(message, nameField)));
  return writeFields([
    ...parts.nodes.map((node) => bytesField(graph.nodes, writeNode(node))),
    textField(graph.name, parts.name),
    ...named(graph.initializers, parts.initializers, tensor.name),
    ...named(graph.inputs, parts.inputs, valueInfo.name),
    ...named(graph.outputs, parts.outputs, valueInfo.name),
    ...named(graph.values, parts.values, valueInfo.name),
    ...parts.others,
  ]);
}

/** NodeProto. */
export function writeNode(parts: OnnxNode): Uint8Array {
  const { node } = FIELDS;
  return writeFields([
    ...parts.inputs.map((name) => textField(node.inputs, name)),
    ...parts.outputs.map((name) => textField(node.outputs, name)),
    textField(node.name, parts.name),
    textField(node.operator, parts.operator),
    ...parts.attributes.map((attribute) => bytesField(node.attributes, attribute)),
    ...parts.others,
  ]);
}

/** TensorProto (its name is field 8) or ValueInfoProto (field 1). */
export function writeNamed({ name, others }: NamedMessage, nameField: number): Uint8Array {
  return writeFields([textField(nameField, name), ...others]);
}
