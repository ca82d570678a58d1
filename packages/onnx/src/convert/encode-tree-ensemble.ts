import { createRequire } from 'node:module';
import { METADATA_KEYS } from '../model-metadata.ts';
import { ensembleNodes } from './ensemble-nodes.ts';
import type { Link } from './objectives.ts';
import { encodeGraph, encodeMatrixInfo, encodeModel, FLOAT } from './onnx-messages.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

// IR 8 and these operator sets are understood by every onnxruntime since 1.10.
const irVersion = 8;
const opsets = [
  { domain: '', version: 15 },
  { domain: 'ai.onnx.ml', version: 3 },
];

/** A model of trees, to be written as ONNX. */
export interface TreeEnsembleModel {
  /** Name of the graph. */
  readonly name: string;
  /** The columns of the input, in order. */
  readonly featureNames: readonly string[];
  readonly ensemble: TreeEnsemble;
  /** How `probability` follows from the sum of the leaves: `link(factor · raw_score)`. */
  readonly link: Link;
  readonly factor: number;
  /** What else is kept in metadata_props. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Writes trees as an ONNX model that `openOnnxScorer` scores.
 *
 * Input `features`: float32 `[N, F]`, NaN meaning missing. Outputs `raw_score`, the sum of one leaf per tree, and
 * `probability`: float32 `[N, 1]`, computed in double precision. The same model always gives the same bytes.
 *
 * @example
 * await writeFile('model.onnx', encodeTreeEnsemble({ name: 'forest', featureNames, ensemble, link: 'identity', factor: 1, properties: {} }));
 */
export function encodeTreeEnsemble(model: TreeEnsembleModel): Uint8Array {
  const { nodes, initializers } = ensembleNodes(model.ensemble, model);
  const graph = encodeGraph({
    name: model.name,
    nodes,
    initializers,
    inputs: [encodeMatrixInfo('features', FLOAT, model.featureNames.length)],
    outputs: [encodeMatrixInfo('raw_score', FLOAT, 1), encodeMatrixInfo('probability', FLOAT, 1)],
  });
  return encodeModel({
    irVersion,
    producer: { name: 'risk-scoring', version: packageVersion() },
    opsets,
    graph,
    metadata: {
      [METADATA_KEYS.featureNames]: JSON.stringify(model.featureNames),
      [METADATA_KEYS.link]: model.link,
      ...model.properties,
    },
  });
}

function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const { version } = require('@risk-scoring/onnx/package.json') as { version: string };
  return version;
}
