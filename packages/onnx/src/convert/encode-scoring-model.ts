import { createRequire } from 'node:module';
import type { Opset } from '../graph/onnx-parts.ts';
import { METADATA_KEYS } from '../model-metadata.ts';
import { encodeGraph, encodeMatrixInfo, encodeModel, FLOAT } from './onnx-messages.ts';

// IR 8 and these operator sets are understood by every onnxruntime since 1.10.
const usualVersions: ModelVersions = {
  irVersion: 8,
  opsets: [
    { domain: '', version: 15 },
    { domain: 'ai.onnx.ml', version: 3 },
  ],
};

/** What a model asks of the runtime. */
export interface ModelVersions {
  readonly irVersion: number;
  readonly opsets: readonly Opset[];
}

/** A graph that scores, to be written as an ONNX model. */
export interface ScoringGraph {
  /** Name of the graph. */
  readonly name: string;
  /** The columns of the input, in order. */
  readonly featureNames: readonly string[];
  /** Operators from `features` to `raw_score` and `probability`, each after those that it needs; as `encodeNode` writes them. */
  readonly nodes: readonly Uint8Array[];
  /** Constants, as `encodeTensor` and `encodeVector` write them. */
  readonly initializers: readonly Uint8Array[];
  /** What else is kept in metadata_props: the link, unless it is logistic. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Writes an ONNX model that `openOnnxScorer` scores: input `features`, float32 `[N, F]` with NaN for missing; outputs `raw_score` and
 * `probability`, float32 `[N, 1]`. The same graph always gives the same bytes.
 *
 * @example
 * const nodes = [encodeNode({ operator: 'MatMul', inputs: ['features', 'w'], outputs: ['raw_score'] }), encodeNode({ operator: 'Sigmoid', inputs: ['raw_score'], outputs: ['probability'] })];
 * encodeScoringModel({ name: 'logistic', featureNames, nodes, initializers: [encodeTensor('w', weights, [featureNames.length, 1])], properties: {} });
 */
export function encodeScoringModel(model: ScoringGraph): Uint8Array {
  return encodeVersionedModel(model, usualVersions);
}

/** The same for operators of other versions. */
export function encodeVersionedModel(model: ScoringGraph, versions: ModelVersions): Uint8Array {
  const { name, featureNames, nodes, initializers, properties } = model;
  const graph = encodeGraph({
    name,
    nodes,
    initializers,
    inputs: [encodeMatrixInfo('features', FLOAT, featureNames.length)],
    outputs: [encodeMatrixInfo('raw_score', FLOAT, 1), encodeMatrixInfo('probability', FLOAT, 1)],
  });
  return encodeModel({
    ...versions,
    producer: { name: 'risk-scoring', version: packageVersion() },
    graph,
    metadata: { [METADATA_KEYS.featureNames]: JSON.stringify(featureNames), ...properties },
  });
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const { version } = require('@risk-scoring/onnx/package.json') as { version: string };
  return version;
}
