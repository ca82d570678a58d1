import { createRandom, type Random } from '@risk-scoring/contract';
import { assertWhole, SEED_RANGE } from '../checks.ts';
import { axisOf } from '../space/axis.ts';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import type { Parameters, ParameterValue, SearchSpace, SpaceParameter } from '../space/search-space.ts';
import type { Sampler } from './sampler.ts';

/**
 * Every parameter drawn uniformly (with `log`: uniformly in the logarithm), independent of all other trials.
 *
 * @throws {InvalidInputError} for a seed that is no whole number from 0 to 2³² - 1
 * @throws {InvalidSearchSpaceError} for a space that cannot be searched
 * @example
 * createRandomSampler(space, { seed: 42 }).propose([], 0);
 */
export function createRandomSampler(space: SearchSpace, options: { readonly seed: number }): Sampler {
  const { seed } = options;
  assertWhole('The seed', seed, SEED_RANGE);
  const checked = parseSearchSpace(space);
  return {
    space: checked,
    settings: { name: 'random', seed },
    propose: (_trials, index) => drawParameters(checked, seed, index),
  };
}

/** The random numbers of one parameter of one trial. */
export function randomOf(seed: number, index: number, name: string): Random {
  return createRandom(seed, `trial ${index}, ${name}`);
}

/** Trial `index` of a random search. A parameter's numbers do not depend on which others there are, nor on their order. */
export function drawParameters(space: SearchSpace, seed: number, index: number): Parameters {
  return Object.fromEntries(
    Object.entries(space).map(([name, parameter]) => [name, draw(parameter, randomOf(seed, index, name))]),
  );
}

function draw(parameter: SpaceParameter, random: Random): ParameterValue {
  if (parameter.type === 'choice') {
    return parameter.values[random.integer(parameter.values.length)] as ParameterValue;
  }
  const { from, to, value } = axisOf(parameter);
  return value(from + random.next() * (to - from));
}
