/** Field numbers of onnx.proto3 (ONNX IR), by message, of the fields that an edit of a graph touches. */
export const FIELDS = {
  model: { irVersion: 1, producerName: 2, producerVersion: 3, graph: 7, opsets: 8, metadata: 14 },
  opset: { domain: 1, version: 2 },
  entry: { key: 1, value: 2 },
  graph: { nodes: 1, name: 2, initializers: 5, inputs: 11, outputs: 12, values: 13 },
  node: { inputs: 1, outputs: 2, name: 3, operator: 4, attributes: 5 },
  attribute: { name: 1, integer: 3, graph: 6, graphs: 11 },
  tensor: { name: 8 },
  valueInfo: { name: 1 },
} as const;

/** Fields with names of values that an edit does not follow, by number: what they are. */
export const UNFOLLOWED = {
  graph: new Map([
    [14, 'quantization annotations'],
    [15, 'sparse initializers'],
  ]),
  model: new Map([
    [20, 'training graphs'],
    [25, 'functions'],
  ]),
} as const;
