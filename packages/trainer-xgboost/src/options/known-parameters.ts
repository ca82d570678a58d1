import { nearestNames } from '@risk-scoring/contract';
import { XGBoostParameterError } from '../errors.ts';

/** A value as XGBoost's own parameters have them. */
export type XGBoostParameterValue = string | number | boolean;

/** XGBoost's own parameters, by any of their names. */
export type XGBoostParameters = Readonly<Record<string, XGBoostParameterValue>>;

/**
 * Every parameter that a training can be given and its other names: those of "XGBoost Parameters" in the documentation of 1.7 (doc/parameter.rst), without
 * those of the command line, of other boosters and other objectives, and with `num_pairsample`, `fix_list_weight`, `sketch_ratio` and `sparse_threshold`, which only the library's
 * own configuration (`XGBoosterSaveJsonConfig`) has. A test compares the list with that configuration.
 */
export const PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['objective', []],
  ['booster', []],
  ['base_score', []],
  ['scale_pos_weight', []],
  ['seed_per_iteration', []],
  ['learning_rate', ['eta']],
  ['gamma', ['min_split_loss']],
  ['max_depth', []],
  ['max_leaves', []],
  ['max_bin', []],
  ['min_child_weight', []],
  ['max_delta_step', []],
  ['subsample', []],
  ['sampling_method', []],
  ['colsample_bytree', []],
  ['colsample_bylevel', []],
  ['colsample_bynode', []],
  ['reg_lambda', ['lambda']],
  ['reg_alpha', ['alpha']],
  ['tree_method', []],
  ['grow_policy', []],
  ['num_parallel_tree', []],
  ['monotone_constraints', []],
  ['interaction_constraints', []],
  ['updater', []],
  ['refresh_leaf', []],
  ['process_type', []],
  ['predictor', []],
  ['gpu_id', []],
  ['max_cat_to_onehot', []],
  ['max_cat_threshold', []],
  ['sketch_ratio', []],
  ['sparse_threshold', []],
  ['num_pairsample', []],
  ['fix_list_weight', []],
  ['num_class', []],
]);

/** Parameters that the trainer sets, and how else they are chosen. */
const MANAGED: Readonly<Record<string, string>> = {
  nthread: "the trainer's option `threads`",
  n_jobs: "the trainer's option `threads`",
  seed: "the training's `seed`",
  random_state: "the training's `seed`",
  eval_metric: "the trainer's option `earlyStoppingMetric`",
  disable_default_eval_metric: "the trainer's option `earlyStoppingMetric`",
  num_feature: 'the matrix',
  verbosity: 'the trainer, which keeps XGBoost silent',
  validate_parameters: 'the trainer, which refuses unknown names itself',
};

/** Parameters of boosters that are not for trees with one score per row, which `booster` refuses with the reason. */
const OF_OTHER_BOOSTERS = [
  'sample_type',
  'normalize_type',
  'rate_drop',
  'one_drop',
  'skip_drop',
  'feature_selector',
  'top_k',
];

const canonical = new Map(
  Array.from(PARAMETERS, ([name, aliases]) => [name, ...aliases].map((each) => [each, name] as const)).flat(),
);

/**
 * The parameters under one name each.
 *
 * @throws {XGBoostParameterError} for a name that XGBoost 1.7 does not know (with the nearest one), that the trainer sets itself or that
 *   is given twice, and for a value that is no text, finite number or truth value
 * @example
 * canonicalParameters({ eta: 0.1 }); // { learning_rate: 0.1 }
 */
export function canonicalParameters(parameters: XGBoostParameters): Record<string, XGBoostParameterValue> {
  const result: Record<string, XGBoostParameterValue> = {};
  for (const [given, value] of Object.entries(parameters)) {
    const name = canonical.get(given);
    if (name === undefined) throw unknown(given);
    if (name in result) {
      throw new XGBoostParameterError({
        parameter: given,
        expected: `one of the names ${[name, ...(PARAMETERS.get(name) ?? [])].join(', ')}`,
        found: 'two of them',
      });
    }
    const isUsable = typeof value === 'number' ? Number.isFinite(value) : /string|boolean/.test(typeof value);
    if (!isUsable) {
      throw new XGBoostParameterError({
        parameter: given,
        expected: 'a text, a finite number or a truth value',
        found: Array.isArray(value) ? 'a list' : String(value),
        ...(Array.isArray(value) ? { remedy: `write it as XGBoost does, such as '${example(name)}'` } : {}),
      });
    }
    result[name] = value;
  }
  return result;
}

function unknown(parameter: string): XGBoostParameterError {
  const managed = MANAGED[parameter];
  if (managed !== undefined) {
    return new XGBoostParameterError({
      parameter,
      expected: `that it is chosen by ${managed}`,
      found: 'it among the parameters',
    });
  }
  if (OF_OTHER_BOOSTERS.includes(parameter)) {
    return new XGBoostParameterError({
      parameter,
      expected: "parameters of the booster 'gbtree'",
      found: "one of the boosters 'dart' or 'gblinear', whose models have no ONNX twin",
    });
  }
  const near = nearestNames(parameter, [...canonical.keys()]);
  return new XGBoostParameterError({
    parameter,
    expected: 'a parameter of XGBoost 1.7 for trees',
    found: 'an unknown name',
    ...(near.length === 0 ? {} : { remedy: `the nearest: ${near.map((name) => `'${name}'`).join(', ')}` }),
  });
}

function example(name: string): string {
  return name === 'interaction_constraints' ? '[[0, 1], [2, 3]]' : '(1,0,-1)';
}
