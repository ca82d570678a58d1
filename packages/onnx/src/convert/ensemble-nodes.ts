import type { CategoryColumn } from './categorical-chains.ts';
import type { Link } from './objectives.ts';
import {
  DOUBLE,
  encodeNode,
  encodeTensor,
  encodeVector,
  FLOAT,
  intAttribute,
  intsAttribute,
  tensorAttribute,
  textAttribute,
  textsAttribute,
} from './onnx-messages.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/** What comes after the sum of the trees: `link(factor · raw_score)`. */
export interface AfterSum {
  readonly link: Link;
  readonly factor: number;
}

/** What stands before and after the trees. */
export interface EnsembleSurroundings extends AfterSum {
  readonly categoryColumns?: readonly CategoryColumn[];
}

/** The ONNX operator of each link. */
const linkOperators: Readonly<Record<Link, string>> = {
  logistic: 'Sigmoid',
  identity: 'Identity',
  exponential: 'Exp',
};

/** The operators of the graph from `features` to `raw_score` and `probability`, and their constants. */
export interface GraphParts {
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
}

/**
 * Builds the operators. Features become doubles first: the ensemble then sums in double precision,
 * as LightGBM does, and the link function is computed in double precision too (see Decisions in the README).
 */
export function ensembleNodes(ensemble: TreeEnsemble, around: EnsembleSurroundings): GraphParts {
  const categories = categoryNodes(around.categoryColumns ?? []);
  const after = probabilityNodes(around);
  return {
    nodes: [
      castNode('features', 'features_double', DOUBLE),
      ...categories.nodes,
      encodeNode({
        operator: 'TreeEnsembleRegressor',
        domain: 'ai.onnx.ml',
        inputs: [categories.result],
        outputs: ['raw_score'],
        attributes: ensembleAttributes(ensemble),
      }),
      ...after.nodes,
    ],
    initializers: [...categories.initializers, ...after.initializers],
  };
}

/** Appends columns of categories to the features: sign(x) · floor(|x|) + offset, NaN staying NaN. */
function categoryNodes(columns: readonly CategoryColumn[]): GraphParts & { result: string } {
  if (columns.length === 0) return { nodes: [], initializers: [], result: 'features_double' };
  const features = Int32Array.from(columns, ({ feature }) => feature);
  const offsets = Float64Array.from(columns, ({ offset }) => offset);
  const axis = [intAttribute('axis', 1)];
  const node = (
    operator: string,
    inputs: readonly string[],
    output: string,
    attributes = [] as Uint8Array[],
  ) => encodeNode({ operator, inputs, outputs: [output], attributes });
  return {
    nodes: [
      node('Gather', ['features_double', 'category_features'], 'categories', axis),
      node('Abs', ['categories'], 'categories_magnitude'),
      node('Floor', ['categories_magnitude'], 'categories_floor'),
      node('Sign', ['categories'], 'categories_sign'),
      node('Mul', ['categories_sign', 'categories_floor'], 'categories_whole'),
      node('Add', ['categories_whole', 'category_offsets'], 'categories_shifted'),
      node('Concat', ['features_double', 'categories_shifted'], 'features_and_categories', axis),
    ],
    initializers: [
      encodeTensor('category_features', features, [columns.length]),
      encodeTensor('category_offsets', offsets, [1, columns.length]),
    ],
    result: 'features_and_categories',
  };
}

function ensembleAttributes(ensemble: TreeEnsemble): readonly Uint8Array[] {
  return [
    textAttribute('aggregate_function', 'SUM'),
    textAttribute('post_transform', 'NONE'),
    intAttribute('n_targets', 1),
    intsAttribute('nodes_treeids', ensemble.treeIds),
    intsAttribute('nodes_nodeids', ensemble.nodeIds),
    textsAttribute('nodes_modes', ensemble.isBranch, ['LEAF', 'BRANCH_LEQ', 'BRANCH_EQ']),
    intsAttribute('nodes_featureids', ensemble.featureIds),
    tensorAttribute('nodes_values_as_tensor', Float64Array.from(ensemble.values)),
    intsAttribute('nodes_truenodeids', ensemble.trueNodeIds),
    intsAttribute('nodes_falsenodeids', ensemble.falseNodeIds),
    intsAttribute('nodes_missing_value_tracks_true', ensemble.missingTracksTrue),
    intsAttribute('target_treeids', ensemble.leafTreeIds),
    intsAttribute('target_nodeids', ensemble.leafNodeIds),
    intsAttribute('target_ids', new Uint8Array(ensemble.leafNodeIds.length)),
    tensorAttribute('target_weights_as_tensor', ensemble.leafWeights),
  ];
}

function probabilityNodes({ link, factor }: AfterSum): GraphParts {
  return {
    nodes: [
      castNode('raw_score', 'raw_score_double', DOUBLE),
      encodeNode({ operator: 'Mul', inputs: ['raw_score_double', 'factor'], outputs: ['scaled'] }),
      encodeNode({ operator: linkOperators[link], inputs: ['scaled'], outputs: ['probability_double'] }),
      castNode('probability_double', 'probability', FLOAT),
    ],
    initializers: [encodeVector('factor', Float64Array.of(factor))],
  };
}

function castNode(from: string, to: string, elementType: number): Uint8Array {
  return encodeNode({
    operator: 'Cast',
    inputs: [from],
    outputs: [to],
    attributes: [intAttribute('to', elementType)],
  });
}
