import {
  DOUBLE,
  encodeNode,
  encodeScoringModel,
  encodeTensor,
  encodeVector,
  FLOAT,
  intAttribute,
  intsAttribute,
  METADATA_KEYS,
} from '@risk-scoring/onnx';
import { INPUT_LIMIT, LARGEST } from './network/fill-inputs.ts';
import type { Network } from './network/network.ts';

/** ONNX's element type of truth values. */
const BOOL = 9;

/** Operators and constants that a graph grows by. */
interface Graph {
  readonly nodes: Uint8Array[];
  readonly initializers: Uint8Array[];
}

/**
 * The ONNX twin: scaling and network in double precision, of the same formulas as the native scores, which are rounded to float32 at the very end. Its
 * sums may be in another order, so that the two differ in the sixteenth digit, and after rounding hardly ever.
 */
export function networkToOnnx(network: Network): Uint8Array {
  const { featureNames, layers } = network;
  const graph: Graph = { nodes: [], initializers: [] };
  let from = addScaling(graph, network);
  for (const [index, { inputs, outputs, weights, bias }] of layers.entries()) {
    graph.initializers.push(
      encodeTensor(`weights_${index}`, Float64Array.from(weights), [inputs, outputs]),
      encodeVector(`bias_${index}`, Float64Array.from(bias)),
    );
    const sums = `sums_${index}`;
    add(graph, 'Gemm', [from, `weights_${index}`, `bias_${index}`], sums);
    from = sums;
    if (index < layers.length - 1) from = add(graph, 'Relu', [sums], `units_${index}`);
  }
  add(graph, 'Cast', [from], 'raw_score', [intAttribute('to', FLOAT)]);
  add(graph, 'Sigmoid', [from], 'probability_double');
  add(graph, 'Cast', ['probability_double'], 'probability', [intAttribute('to', FLOAT)]);
  return encodeScoringModel({
    name: 'neural_net',
    featureNames,
    ...graph,
    properties: {
      [METADATA_KEYS.link]: 'logistic',
      layers: layers.map(({ outputs }) => outputs).join(' '),
      source: 'neural net',
    },
  });
}

/** From `features` to the inputs of the first layer. */
function addScaling(graph: Graph, { scaler }: Network): string {
  const { columns, logarithmic, mean, scale, flagged } = scaler;
  const parts: string[] = [];
  if (columns.length > 0) {
    for (const [name, value] of [
      ['zero', 0],
      ['one', 1],
      ['largest', LARGEST],
      ['lowest', -LARGEST],
      ['input_limit', INPUT_LIMIT],
      ['input_floor', -INPUT_LIMIT],
    ] as const)
      graph.initializers.push(encodeTensor(name, Float64Array.of(value), []));
    graph.initializers.push(encodeVector('mean', mean), encodeVector('scale', scale));
    const picked = pick(graph, 'columns', columns);
    add(graph, 'IsNaN', [picked], 'is_unknown');
    add(graph, 'Cast', [picked], 'values', [intAttribute('to', DOUBLE)]);
    // NaN is replaced first: whether Min and Max pass it on differs among runtimes.
    add(graph, 'Where', ['is_unknown', 'zero', 'values'], 'known');
    add(graph, 'Max', ['known', 'lowest'], 'from_lowest');
    let finite = add(graph, 'Min', ['from_lowest', 'largest'], 'finite');
    if (logarithmic.includes(1)) finite = addSignedLog(graph, finite, logarithmic);
    add(graph, 'Sub', [finite, 'mean'], 'centered');
    add(graph, 'Mul', ['centered', 'scale'], 'scaled');
    add(graph, 'Max', ['scaled', 'input_floor'], 'from_floor');
    add(graph, 'Min', ['from_floor', 'input_limit'], 'limited');
    parts.push(add(graph, 'Where', ['is_unknown', 'zero', 'limited'], 'inputs'));
  }
  if (flagged.length > 0) {
    add(graph, 'IsNaN', [pick(graph, 'flagged', flagged)], 'flags');
    parts.push(add(graph, 'Cast', ['flags'], 'flag_inputs', [intAttribute('to', DOUBLE)]));
  }
  const [only, second] = parts;
  if (only !== undefined && second === undefined) return only;
  return add(graph, 'Concat', parts, 'all_inputs', [intAttribute('axis', 1)]);
}

/** sign(x)·log(1 + |x|) where a column takes it, else x. */
function addSignedLog(graph: Graph, from: string, logarithmic: Uint8Array): string {
  add(graph, 'Abs', [from], 'magnitude');
  add(graph, 'Add', ['magnitude', 'one'], 'magnitude_and_one');
  add(graph, 'Log', ['magnitude_and_one'], 'log_magnitude');
  add(graph, 'Sign', [from], 'sign');
  add(graph, 'Mul', ['sign', 'log_magnitude'], 'signed_log');
  add(graph, 'Constant', [], 'takes_log_int', [intsAttribute('value_ints', logarithmic)]);
  add(graph, 'Cast', ['takes_log_int'], 'takes_log', [intAttribute('to', BOOL)]);
  return add(graph, 'Where', ['takes_log', 'signed_log', from], 'curved');
}

/** Some columns of the features. */
function pick(graph: Graph, name: string, columns: Int32Array): string {
  add(graph, 'Constant', [], name, [intsAttribute('value_ints', columns)]);
  return add(graph, 'Gather', ['features', name], `features_of_${name}`, [intAttribute('axis', 1)]);
}

function add(
  { nodes }: Graph,
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Uint8Array[] = [],
): string {
  nodes.push(encodeNode({ operator, inputs, outputs: [output], attributes }));
  return output;
}
