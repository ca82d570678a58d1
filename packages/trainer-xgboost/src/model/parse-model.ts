import type { Link } from '@risk-scoring/onnx';
import { XGBoostModelError } from '../errors.ts';
import { OBJECTIVES } from '../options/convertible.ts';
import { isObject, type JsonObject, listAt, numberTextAt, objectAt, refuse } from './json-values.ts';
import { parseTrees } from './parse-trees.ts';
import { countTrees, type Trees } from './trees.ts';

/** A model of XGBoost's, read without its library. */
export interface XGBoostModel {
  readonly trees: Trees;
  readonly featureNames: readonly string[];
  /** What every raw score begins with, a float32. */
  readonly baseMargin: number;
  readonly objective: string;
  /** `logistic`, or `identity` for rankers. */
  readonly link: Extract<Link, 'logistic' | 'identity'>;
  readonly treesPerIteration: number;
  /** The library that wrote it: `1.7.4`. */
  readonly version: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Reads a model in XGBoost's JSON format, and checks that predicting with it comes to an end.
 *
 * @throws {XGBoostModelError} where it is not whole, or no model of trees with one score per row, or has categorical splits, other objectives or no feature names
 * @example
 * const { trees, featureNames } = parseModel(await readFile('model.xgb'));
 */
export function parseModel(bytes: Uint8Array): XGBoostModel {
  const whole = parseJson(bytes);
  const learner = objectAt(whole, 'learner');
  const booster = objectAt(learner, 'gradient_booster');
  if (booster.name !== 'gbtree') refuse("the booster 'gbtree'", `'${String(booster.name)}'`);
  const parameters = objectAt(learner, 'learner_model_param');
  if (Number(parameters.num_class ?? 0) > 1 || Number(parameters.num_target ?? 1) > 1)
    refuse('one score per row', 'several classes or targets');
  const model = objectAt(booster, 'model');
  const columns = numberTextAt(parameters, 'num_feature');
  const featureNames = namesOf(learner, columns);
  const trees = parseTrees(listAt(model, 'trees'), columns);
  if (countTrees(trees) === 0) refuse('at least one tree', 'none');
  const objective = String(objectAt(learner, 'objective').name);
  const link = linkOf(objective);
  return {
    trees,
    featureNames,
    objective,
    link,
    baseMargin: baseMarginOf(parameters, link),
    treesPerIteration: treesPerIterationOf(model, countTrees(trees)),
    version: listAt(whole, 'version').join('.'),
    attributes: attributesOf(learner),
  };
}

function parseJson(bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new XGBoostModelError({ expected: 'JSON', found: 'something else, or only a part', cause });
  }
  return isObject(value) ? value : refuse('a JSON object', 'another value');
}

function namesOf(learner: JsonObject, columns: number): readonly string[] {
  const names = listAt(learner, 'feature_names');
  if (!names.every((name) => typeof name === 'string')) refuse('feature names as texts', 'others');
  if (names.length !== columns) refuse(`${columns} feature names`, `${names.length}`);
  return names as string[];
}

function linkOf(objective: string): 'logistic' | 'identity' {
  if (OBJECTIVES.scorer.includes(objective)) return 'logistic';
  if (OBJECTIVES.ranker.includes(objective)) return 'identity';
  const known = [...OBJECTIVES.scorer, ...OBJECTIVES.ranker];
  return refuse(`one of the objectives ${known.join(', ')}`, `'${objective}'`);
}

/**
 * What the raw scores begin with. Of logistic objectives `base_score` is a probability, and XGBoost takes −ln(1/p − 1) of it in float32
 * (`LogisticRegression::ProbToMargin` in its regression_loss.h). Later versions write it as a list of one.
 */
function baseMarginOf(parameters: JsonObject, link: 'logistic' | 'identity'): number {
  const text = String(parameters.base_score).replace(/^\[(.*)\]$/, '$1');
  const score = Math.fround(numberTextAt({ base_score: text }, 'base_score'));
  if (link === 'identity') return score;
  if (!(score > 0 && score < 1)) refuse('a base_score between 0 and 1', text);
  const odds = Math.fround(Math.fround(1 / score) - 1);
  return -Math.fround(Math.log(odds));
}

function treesPerIterationOf(model: JsonObject, trees: number): number {
  const count = numberTextAt(objectAt(model, 'gbtree_model_param'), 'num_parallel_tree') || 1;
  return trees % count === 0 ? count : refuse(`a multiple of ${count} trees`, `${trees}`);
}

function attributesOf(learner: JsonObject): Record<string, string> {
  const given = isObject(learner.attributes) ? learner.attributes : {};
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]));
}
