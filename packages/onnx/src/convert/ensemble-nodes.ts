import type { Link } from './objectives.ts';
import {
  DOUBLE,
  encodeNode,
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
export function ensembleNodes(ensemble: TreeEnsemble, afterSum: AfterSum): GraphParts {
  const after = probabilityNodes(afterSum);
  return {
    nodes: [
      castNode('features', 'features_double', DOUBLE),
      encodeNode({
        operator: 'TreeEnsembleRegressor',
        domain: 'ai.onnx.ml',
        inputs: ['features_double'],
        outputs: ['raw_score'],
        attributes: ensembleAttributes(ensemble),
      }),
      ...after.nodes,
    ],
    initializers: after.initializers,
  };
}

function ensembleAttributes(ensemble: TreeEnsemble): readonly Uint8Array[] {
  return [
    textAttribute('aggregate_function', 'SUM'),
    textAttribute('post_transform', 'NONE'),
    intAttribute('n_targets', 1),
    intsAttribute('nodes_treeids', ensemble.treeIds),
    intsAttribute('nodes_nodeids', ensemble.nodeIds),
    textsAttribute('nodes_modes', ensemble.isBranch, ['LEAF', 'BRANCH_LEQ']),
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
