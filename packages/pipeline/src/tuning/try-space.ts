import type { Parameters, ParameterValue, SearchSpace, SpaceParameter } from '@risk-scoring/tuning';
import type { TunedTrainer } from './tune-options.ts';
import { withParameters } from './with-parameters.ts';

/**
 * Makes trainers of the ends of a space, and of all values of its choices: what a trainer does not take shows before anything is
 * computed, rather than as failed trials.
 *
 * @throws what the trainer throws
 * @example
 * trySpace(trainer, { num_leafs: { type: 'choice', values: [7] } }); // throws LightGBMParameterError
 */
export function trySpace({ settings, create }: TunedTrainer, space: SearchSpace): void {
  const values = Object.entries(space).map(([name, parameter]) => [name, valuesOf(parameter)] as const);
  const most = Math.max(...values.map(([, each]) => each.length));
  for (let index = 0; index < most; index++) {
    const parameters: Parameters = Object.fromEntries(
      values.map(([name, each]) => [name, each[Math.min(index, each.length - 1)] as ParameterValue]),
    );
    create(withParameters(settings, parameters));
  }
}

function valuesOf(parameter: SpaceParameter): readonly ParameterValue[] {
  return parameter.type === 'choice' ? parameter.values : [parameter.low, parameter.high];
}
