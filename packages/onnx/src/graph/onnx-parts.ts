import type { Field } from './proto-fields.ts';

// The parts of an ONNX model that an edit touches. Whatever else a message holds stays in `others`, byte for byte.

/** A version of a set of operators; the domain of ONNX itself is ''. */
export interface Opset {
  readonly domain: string;
  readonly version: number;
}

/** ModelProto. */
export interface OnnxModelParts {
  readonly irVersion: number;
  readonly opsets: readonly Opset[];
  readonly graph: OnnxGraphParts;
  /** metadata_props. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly others: readonly Field[];
}

/** GraphProto. */
export interface OnnxGraphParts {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly NamedMessage[];
  readonly inputs: readonly NamedMessage[];
  readonly outputs: readonly NamedMessage[];
  /** value_info: types of values between the nodes. */
  readonly values: readonly NamedMessage[];
  readonly others: readonly Field[];
}

/** NodeProto. */
export interface OnnxNode {
  readonly operator: string;
  readonly name: string;
  /** Names of values; '' where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** AttributeProto messages, as they stand in the model. */
  readonly attributes: readonly Uint8Array[];
  readonly others: readonly Field[];
}

/** TensorProto of an initializer, or ValueInfoProto. */
export interface NamedMessage {
  readonly name: string;
  readonly others: readonly Field[];
}
