import { METADATA_KEYS } from '../model-metadata.ts';
import type { CategoryColumn } from './categorical-chains.ts';
import { encodeScoringModel } from './encode-scoring-model.ts';
import { ensembleNodes } from './ensemble-nodes.ts';
import type { Link } from './objectives.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** A model of trees, to be written as ONNX. */
export interface TreeEnsembleModel {
  /** Name of the graph. */
  readonly name: string;
  /** The columns of the input, in order. */
  readonly featureNames: readonly string[];
  readonly ensemble: TreeEnsemble;
  /** Columns that the trees see after the features, for comparisons of categories; none when absent. */
  readonly categoryColumns?: readonly CategoryColumn[];
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
  const { name, featureNames, link, properties } = model;
  return encodeScoringModel({
    name,
    featureNames,
    ...ensembleNodes(model.ensemble, model),
    properties: { [METADATA_KEYS.link]: link, ...properties },
  });
}
