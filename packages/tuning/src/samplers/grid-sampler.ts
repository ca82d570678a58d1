import { InvalidInputError } from '@risk-scoring/contract';
import { assertWhole } from '../checks.ts';
import { axisOf } from '../space/axis.ts';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import type { FloatParameter, ParameterValue, SearchSpace, SpaceParameter } from '../space/search-space.ts';
import type { Sampler } from './sampler.ts';

/** What can be chosen of a {@link createGridSampler}. */
export interface GridSamplerOptions {
  /** Values of each float without a step, ends included, evenly spaced (with `log`: evenly in the logarithm); 5 by default. */
  readonly points?: number;
}

/** A sampler that knows how many trials it has. */
export interface GridSampler extends Sampler {
  readonly size: number;
}

/** More would take longer than anybody waits, and can only be meant by mistake. */
const MOST_COMBINATIONS = 100_000;

/** What a parameter is on the grid, without listing it yet. */
interface Factor {
  readonly name: string;
  readonly count: number;
  at(k: number): ParameterValue;
}

/**
 * Every combination once (a full factorial design): parameters in the order of their names, the last changes fastest, values
 * upwards or in the order given. Trial i is combination i.
 *
 * @throws {InvalidInputError} for more than 100,000 combinations, or points that are no whole number from 2
 * @throws {InvalidSearchSpaceError} for a space that cannot be searched
 * @example
 * const sampler = createGridSampler(parseSearchSpace({ num_leaves: [31, 63], min_data: [20, 50] }));
 * sampler.size; // 4
 * sampler.propose([], 1); // { min_data: 20, num_leaves: 63 }
 */
export function createGridSampler(space: SearchSpace, options: GridSamplerOptions = {}): GridSampler {
  const { points = 5 } = options;
  assertWhole('The points of a grid', points, [2, MOST_COMBINATIONS]);
  const checked = parseSearchSpace(space);
  const factors = Object.entries(checked)
    .map(([name, parameter]) => factorOf(name, parameter, points))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const size = factors.reduce((product, { count }) => product * count, 1);
  if (size > MOST_COMBINATIONS) {
    throw new InvalidInputError({
      what: 'The grid',
      expected: `at most ${MOST_COMBINATIONS} combinations`,
      found: `${size}: ${factors.map(({ name, count }) => `${name} ${count}`).join(' × ')}`,
      remedy: 'give wide parameters a step or a list of values, or use another sampler',
    });
  }
  return {
    space: checked,
    settings: { name: 'grid', points },
    size,
    propose(_trials, index) {
      if (index >= size) return undefined;
      const parameters: [string, ParameterValue][] = [];
      let rest = index;
      for (const { name, count, at } of factors.toReversed()) {
        parameters.push([name, at(rest % count)]);
        rest = Math.floor(rest / count);
      }
      return Object.fromEntries(parameters.reverse());
    },
  };
}

function factorOf(name: string, parameter: SpaceParameter, points: number): Factor {
  if (parameter.type === 'choice') {
    const { values } = parameter;
    return { name, count: values.length, at: (k) => values[k] as ParameterValue };
  }
  const { count, valueAt } = axisOf(parameter);
  if (count !== undefined) return { name, count, at: valueAt };
  return { name, count: points, at: (k) => spacedValue(parameter as FloatParameter, k / (points - 1)) };
}

/** The value at a share of the way from `low` to `high`; the ends exactly. */
function spacedValue(parameter: FloatParameter, share: number): number {
  if (share === 0) return parameter.low;
  if (share === 1) return parameter.high;
  const { from, to, value } = axisOf(parameter);
  return Number(value(from + share * (to - from)).toPrecision(15));
}
