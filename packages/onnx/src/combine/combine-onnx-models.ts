import { InvalidInputError } from '@risk-scoring/contract';
import { encodeVersionedModel, type ModelVersions } from '../convert/encode-scoring-model.ts';
import { appendArithmetic } from '../graph/append-arithmetic.ts';
import { DoubleArithmetic } from '../graph/double-arithmetic.ts';
import { FIELDS } from '../graph/field-numbers.ts';
import type { OnnxGraphParts, OnnxModelParts, Opset } from '../graph/onnx-parts.ts';
import { pruneGraph } from '../graph/prune-graph.ts';
import { prefixNames } from '../graph/rename-values.ts';
import { SCORING_INPUT, SCORING_OUTPUTS, unroundedValue } from '../graph/scoring-parts.ts';
import { writeNamed, writeNode } from '../graph/write-onnx-parts.ts';
import { METADATA_KEYS } from '../model-metadata.ts';
import { assertCombination, type OnnxCombination } from './combination.ts';
import { combinationNodes } from './combination-nodes.ts';
import { type OnnxMember, readMember } from './member.ts';

/** What is combined, and how. */
export interface OnnxCombinationRequest {
  /** Name of the graph. */
  readonly name: string;
  /** At least one. */
  readonly members: readonly OnnxMember[];
  /** The columns of the input, in order: those of every member. */
  readonly featureNames: readonly string[];
  readonly combine: OnnxCombination;
  /** What else is kept in metadata_props; feature names and link are written by themselves. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * Combines ONNX models of the same features into one: a weighted average of probabilities, a logistic regression
 * on their log-odds (stacking), or a weighted average of raw scores for rankers.
 *
 * Members compute as before, side by side, from the one input `features`; a calibrated member contributes its calibrated probability. The
 * combination is computed in double precision, from each member's score before its rounding to float32 where the member
 * has such a value, and rounded at the end. Of every operator set the newest version among the members is declared. The same
 * request always gives the same bytes.
 *
 * @throws {FeatureSchemaMismatchError} naming the first feature of a member that is another
 * @throws {OnnxModelError} where a member is no model that scores, or one with functions or subgraphs
 * @throws {OnnxCombinationError} where rankers are combined as probabilities, or scorers as raw scores
 * @throws {InvalidInputError} where there is no member, weights do not fit, or `properties` contradict the model
 * @example
 * const bytes = combineOnnxModels({
 *   name: 'ensemble', members: [{ name: 'gbdt', bytes: a }, { name: 'net', bytes: b }], featureNames,
 *   combine: { method: 'average', weights: [2, 1] }, properties: {},
 * });
 */
export function combineOnnxModels(request: OnnxCombinationRequest): Uint8Array {
  const { name, members, featureNames, combine, properties } = request;
  if (members.length === 0) {
    throw new InvalidInputError({ what: 'The combination of models', expected: 'a member', found: 'none' });
  }
  assertCombination(combine, members.length);
  const models = members.map((member) => readMember(member, featureNames, combine.method));
  const graph = combinedGraph(models, combine);
  const link = combine.method === 'average-raw' ? 'identity' : 'logistic';
  return encodeVersionedModel(
    {
      name,
      featureNames,
      nodes: graph.nodes.map(writeNode),
      initializers: graph.initializers.map((tensor) => writeNamed(tensor, FIELDS.tensor.name)),
      properties: ownProperties({ [METADATA_KEYS.link]: link }, properties, featureNames),
    },
    newestVersions(models),
  );
}

function combinedGraph(models: readonly OnnxModelParts[], combine: OnnxCombination): OnnxGraphParts {
  const score = combine.method === 'average-raw' ? 'raw_score' : 'probability';
  const math = new DoubleArithmetic('combination/');
  const graphs = models.map(({ graph }, i) => prefixNames(graph, `member_${i}/`, new Set([SCORING_INPUT])));
  const scores = graphs.map((graph, i) => math.toDouble(unroundedValue(graph, `member_${i}/${score}`)));
  const { raw, probability } = combinationNodes(math, combine, scores);
  math.toFloat(raw, 'raw_score');
  math.toFloat(probability, 'probability');
  const all: OnnxGraphParts = {
    name: '',
    nodes: graphs.flatMap(({ nodes }) => nodes),
    initializers: graphs.flatMap(({ initializers }) => initializers),
    inputs: [],
    outputs: [],
    values: [],
    others: [],
  };
  return pruneGraph(appendArithmetic(all, math), SCORING_OUTPUTS);
}

/** Of each domain the newest version that a member asks for; in the order of the domains. */
function newestVersions(models: readonly OnnxModelParts[]): ModelVersions {
  const newest = new Map<string, number>();
  for (const { domain, version } of models.flatMap(({ opsets }): readonly Opset[] => opsets)) {
    newest.set(domain, Math.max(version, newest.get(domain) ?? 0));
  }
  return {
    irVersion: Math.max(...models.map(({ irVersion }) => irVersion)),
    opsets: [...newest.keys()].sort().map((domain) => ({ domain, version: newest.get(domain) as number })),
  };
}

/** The caller's properties with the link; what the model says of itself must not be contradicted by them. */
function ownProperties(
  own: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, string>>,
  featureNames: readonly string[],
): Readonly<Record<string, string>> {
  const fixed: Record<string, string> = {
    ...own,
    [METADATA_KEYS.featureNames]: JSON.stringify(featureNames),
  };
  const wrong = Object.values(METADATA_KEYS).find(
    (key) => properties[key] !== undefined && properties[key] !== fixed[key],
  );
  if (wrong === undefined) return { ...own, ...properties };
  throw new InvalidInputError({
    what: `The property '${wrong}' of the combined model`,
    expected: fixed[wrong] ?? 'none: the combination is not calibrated',
    found: properties[wrong],
  });
}
