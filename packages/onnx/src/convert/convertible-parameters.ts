import { UnconvertibleParametersError } from '../errors.ts';
import { CONVERTIBLE_OBJECTIVES, isConvertibleObjective } from './objectives.ts';

/** A parameter under all its names, and which of its values stand in the way of a conversion. */
interface Obstacle {
  readonly names: readonly string[];
  readonly reason: string;
  readonly refuses: (value: unknown) => boolean;
}

// Names as in LightGBM's config_auto.cpp (parameter aliases).
const obstacles: readonly Obstacle[] = [
  {
    names: ['linear_tree', 'linear_trees'],
    reason: 'ONNX trees have constants for leaves',
    refuses: isOn,
  },
  {
    names: ['zero_as_missing'],
    reason: 'ONNX trees take NaN alone for missing',
    refuses: isOn,
  },
  {
    names: ['objective', 'objective_type', 'app', 'application', 'loss'],
    reason: `the objectives that can be converted are ${CONVERTIBLE_OBJECTIVES}`,
    refuses: (value) => typeof value !== 'string' || !isConvertibleObjective(value),
  },
  {
    names: ['num_class', 'num_classes'],
    reason: 'a model has one score per row',
    refuses: (value) => Number(value) !== 1,
  },
  {
    names: ['reg_sqrt'],
    reason: 'its link function is not among those that can be converted',
    refuses: isOn,
  },
];

/**
 * Refuses LightGBM training parameters, under any of their names, whose model would have no ONNX twin:
 * before the training, when it costs nothing. Parameters that do not matter here, known or unknown,
 * pass; so does a parameter that is undefined or null.
 *
 * @throws {UnconvertibleParametersError} naming every parameter that stands in the way
 * @example
 * assertConvertibleParameters({ objective: 'binary', num_leaves: 31 }); // passes
 * assertConvertibleParameters({ linear_trees: true }); // throws
 */
export function assertConvertibleParameters(parameters: Readonly<Record<string, unknown>>): void {
  const found = obstacles.flatMap(({ names, reason, refuses }) =>
    names
      .filter((name) => isGiven(parameters[name]) && refuses(parameters[name]))
      .map((name) => ({ name, reason, value: parameters[name] })),
  );
  if (found.length === 0) return;
  throw new UnconvertibleParametersError({
    parameters: found.map(({ name }) => name),
    expected: found.map(({ name, reason }) => `no ${name} of this kind, for ${reason}`).join('; '),
    found: found.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`).join(', '),
  });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** LightGBM reads `true` and `+` as on, `false` and `-` as off; it refuses anything else itself. */
function isOn(value: unknown): boolean {
  return !['false', '-', '0', ''].includes(String(value).trim().toLowerCase());
}
