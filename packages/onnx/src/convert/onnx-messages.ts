import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

// The messages of onnx.proto3 (ONNX IR) that a model of this package needs. Field numbers are the
// file's; all integers here are ≥ 0 and below 2^31, so that a uint32 varint is the int64 of the file.

/** ONNX element types (TensorProto.DataType). */
export const FLOAT = 1;
export const INT32 = 6;
export const DOUBLE = 11;

/** AttributeProto.AttributeType. */
const attributeType = { int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 };

/** An encoded message of some kind. */
type Bytes = Uint8Array;

/** What a tensor holds. */
type Numbers = Float32Array | Float64Array | Int32Array;

/** A model's frame around its graph. */
export interface ModelParts {
  readonly irVersion: number;
  readonly producer: { readonly name: string; readonly version: string };
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: Bytes;
  readonly metadata: Readonly<Record<string, string>>;
}

/** ModelProto. */
export function encodeModel(parts: ModelParts): Bytes {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).uint32(parts.irVersion);
  text(writer, 2, parts.producer.name);
  text(writer, 3, parts.producer.version);
  message(writer, 7, parts.graph);
  for (const opset of parts.opsets) {
    const inner = new BinaryWriter();
    text(inner, 1, opset.domain);
    inner.tag(2, WireType.Varint).uint32(opset.version);
    message(writer, 8, inner.finish());
  }
  for (const [key, value] of Object.entries(parts.metadata)) {
    const inner = new BinaryWriter();
    text(inner, 1, key);
    text(inner, 2, value);
    message(writer, 14, inner.finish());
  }
  return writer.finish();
}

/** GraphProto, its nodes in an order in which each only needs earlier ones. */
export function encodeGraph(parts: {
  name: string;
  nodes: readonly Bytes[];
  initializers: readonly Bytes[];
  inputs: readonly Bytes[];
  outputs: readonly Bytes[];
}): Bytes {
  const writer = new BinaryWriter();
  for (const node of parts.nodes) message(writer, 1, node);
  text(writer, 2, parts.name);
  for (const initializer of parts.initializers) message(writer, 5, initializer);
  for (const input of parts.inputs) message(writer, 11, input);
  for (const output of parts.outputs) message(writer, 12, output);
  return writer.finish();
}

/** NodeProto. */
export function encodeNode(parts: {
  operator: string;
  domain?: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: readonly Bytes[];
}): Bytes {
  const writer = new BinaryWriter();
  for (const input of parts.inputs) text(writer, 1, input);
  for (const output of parts.outputs) text(writer, 2, output);
  text(writer, 3, `${parts.operator}_${parts.outputs.join('_')}`);
  text(writer, 4, parts.operator);
  for (const attribute of parts.attributes ?? []) message(writer, 5, attribute);
  text(writer, 7, parts.domain ?? '');
  return writer.finish();
}

/** ValueInfoProto of a tensor `[N, columns]` with any number of rows. */
export function encodeMatrixInfo(name: string, elementType: number, columns: number): Bytes {
  const rowDimension = new BinaryWriter();
  text(rowDimension, 2, 'N');
  const columnDimension = new BinaryWriter();
  columnDimension.tag(1, WireType.Varint).uint32(columns);
  const shape = new BinaryWriter();
  message(shape, 1, rowDimension.finish());
  message(shape, 1, columnDimension.finish());
  const tensor = new BinaryWriter();
  tensor.tag(1, WireType.Varint).uint32(elementType);
  message(tensor, 2, shape.finish());
  const type = new BinaryWriter();
  message(type, 1, tensor.finish());
  const info = new BinaryWriter();
  text(info, 1, name);
  message(info, 2, type.finish());
  return info.finish();
}

/** TensorProto of one dimension; Float32Array and Float64Array keep their type. */
export function encodeVector(name: string, values: Float32Array | Float64Array): Bytes {
  return encodeTensor(name, values, [values.length]);
}

/** TensorProto of any dimensions, its values row-major; the typed arrays keep their type. */
export function encodeTensor(name: string, values: Numbers, dimensions: readonly number[]): Bytes {
  const writer = new BinaryWriter();
  for (const dimension of dimensions) writer.tag(1, WireType.Varint).uint32(dimension);
  writer.tag(2, WireType.Varint).uint32(elementTypeOf(values));
  text(writer, 8, name);
  writer.tag(9, WireType.LengthDelimited).bytes(littleEndian(values));
  return writer.finish();
}

function elementTypeOf(values: Numbers): number {
  if (values instanceof Int32Array) return INT32;
  return values instanceof Float32Array ? FLOAT : DOUBLE;
}

/** AttributeProto with one integer. */
export function intAttribute(name: string, value: number): Bytes {
  const writer = attribute(name, attributeType.int);
  writer.tag(3, WireType.Varint).uint32(value);
  return writer.finish();
}

/** AttributeProto with one text. */
export function textAttribute(name: string, value: string): Bytes {
  const writer = attribute(name, attributeType.string);
  text(writer, 4, value);
  return writer.finish();
}

/** AttributeProto with a tensor. */
export function tensorAttribute(name: string, values: Float32Array | Float64Array): Bytes {
  const writer = attribute(name, attributeType.tensor);
  message(writer, 5, encodeVector(name, values));
  return writer.finish();
}

/** AttributeProto with float32 numbers. */
export function floatsAttribute(name: string, values: Float32Array): Bytes {
  const writer = attribute(name, attributeType.floats);
  writer.tag(7, WireType.LengthDelimited).bytes(littleEndian(values));
  return writer.finish();
}

/** AttributeProto with integers. */
export function intsAttribute(name: string, values: Int32Array | Uint8Array): Bytes {
  const packed = new BinaryWriter();
  for (const value of values) packed.uint32(value);
  const writer = attribute(name, attributeType.ints);
  message(writer, 8, packed.finish());
  return writer.finish();
}

/** AttributeProto with texts, one per code, named by `names[code]`. */
export function textsAttribute(name: string, codes: Uint8Array, names: readonly string[]): Bytes {
  const encoder = new TextEncoder();
  const encoded = names.map((text) => encoder.encode(text));
  const writer = attribute(name, attributeType.strings);
  for (const code of codes) writer.tag(9, WireType.LengthDelimited).bytes(encoded[code] ?? new Uint8Array());
  return writer.finish();
}

function attribute(name: string, type: number): BinaryWriter {
  const writer = new BinaryWriter();
  text(writer, 1, name);
  writer.tag(20, WireType.Varint).uint32(type);
  return writer;
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, bytes: Bytes): void {
  writer.tag(field, WireType.LengthDelimited).bytes(bytes);
}

/** The bytes of numbers in the order that protobuf and ONNX prescribe, whatever the machine's is. */
function littleEndian(values: Numbers): Bytes {
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  if (values instanceof Float32Array) for (const [i, x] of values.entries()) view.setFloat32(4 * i, x, true);
  else if (values instanceof Int32Array) for (const [i, x] of values.entries()) view.setInt32(4 * i, x, true);
  else for (const [i, x] of values.entries()) view.setFloat64(8 * i, x, true);
  return bytes;
}
