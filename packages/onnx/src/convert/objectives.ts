import { UnconvertibleModelError } from '../errors.ts';
import type { LightGBMObjective } from '../lightgbm/lightgbm-trees.ts';

/**
 * How the probability follows from the raw score: `logistic` is 1 / (1 + exp(-factor · raw)), `identity`
 * leaves it as it is, for objectives whose output is no probability (regression, ranking); `exponential` is
 * exp(factor · raw), for raw scores that are never positive (isolation forests).
 */
export type Link = (typeof LINKS)[number];

/** Every link. */
export const LINKS = ['logistic', 'identity', 'exponential'] as const;

/** Every objective that can be converted, by LightGBM's own name for it, and its link. */
const links: ReadonlyMap<string, Link> = new Map([
  ['binary', 'logistic'],
  ['cross_entropy', 'logistic'],
  ['regression', 'identity'],
  ['lambdarank', 'identity'],
  ['rank_xendcg', 'identity'],
]);

/** Other spellings that LightGBM takes (`ParseObjectiveAlias` in its config.h). */
const aliases: Readonly<Record<string, readonly string[]>> = {
  cross_entropy: ['xentropy'],
  regression: [
    'regression_l2',
    'l2',
    'mean_squared_error',
    'mse',
    'l2_root',
    'root_mean_squared_error',
    'rmse',
  ],
  rank_xendcg: ['xendcg', 'xe_ndcg', 'xe_ndcg_mart', 'xendcg_mart'],
};

/** The names for messages. */
export const CONVERTIBLE_OBJECTIVES = [...links.keys()].join(', ');

/** Whether an objective, by any of its names, has an ONNX twin. */
export function isConvertibleObjective(name: string): boolean {
  const lower = name.trim().toLowerCase();
  return links.has(lower) || Object.values(aliases).some((names) => names.includes(lower));
}

/** The link function of a model and the factor before it. */
export interface LinkFunction {
  readonly link: Link;
  /** 1 but for `binary` with another `sigmoid`. */
  readonly sigmoid: number;
}

/**
 * The link function of a model's objective line.
 *
 * @throws {UnconvertibleModelError} where the objective has none that is known here
 */
export function linkFunctionOf(objective: LightGBMObjective | undefined): LinkFunction {
  const link = links.get(objective?.name ?? '');
  const { sigmoid = '1', ...others } = objective?.parameters ?? {};
  const factor = Number(sigmoid);
  if (
    link === undefined ||
    Object.keys(others).length > 0 ||
    !(factor > 0 && factor < Number.POSITIVE_INFINITY)
  ) {
    throw new UnconvertibleModelError({
      expected: `one of the objectives ${CONVERTIBLE_OBJECTIVES}`,
      found: describe(objective),
    });
  }
  return { link, sigmoid: factor };
}

function describe(objective: LightGBMObjective | undefined): string {
  if (objective === undefined) return 'a model without an objective line';
  const words = Object.entries(objective.parameters).map(([key, value]) =>
    value === '' ? key : `${key}:${value}`,
  );
  return `'${[objective.name, ...words].join(' ')}'`;
}
