import { InvalidInputError, type Random } from '@risk-scoring/contract';
import { assertDirection, assertWhole, SEED_RANGE } from '../checks.ts';
import { type Axis, axisOf } from '../space/axis.ts';
import { parseSearchSpace } from '../space/parse-search-space.ts';
import type { ParameterValue, SearchSpace } from '../space/search-space.ts';
import type { Direction, TrialRecord } from '../trial.ts';
import { splitTrials } from './good-and-bad.ts';
import { parzenDensity } from './parzen.ts';
import { drawParameters, randomOf } from './random-sampler.ts';
import type { Sampler } from './sampler.ts';

/** What can be chosen of a {@link createTpeSampler}. */
export interface TpeSamplerOptions {
  /** A whole number from 0 to 2³² - 1. */
  readonly seed: number;
  readonly direction: Direction;
  /** Trials (complete or pruned) before it starts to learn; until then it is the random sampler of the same seed. 10 by default. */
  readonly startupTrials?: number;
  /** The share of trials that count as good, of which there are at most 25; 0.15 by default. */
  readonly gamma?: number;
  /** Values drawn for each parameter, of which the most promising is taken; 24 by default. */
  readonly candidates?: number;
}

/** How the values of one parameter are spread over the good and the bad trials. */
interface Spread {
  draw(random: Random): ParameterValue;
  /** l / g: how much likelier the value is among good trials. */
  ratio(value: ParameterValue): number;
}

/**
 * The Tree-structured Parzen Estimator of Bergstra, Bardenet, Bengio, Kégl (2011), "Algorithms for Hyper-Parameter Optimization",
 * NeurIPS. For each parameter by itself it estimates the density l(x) of the good trials and g(x) of the rest, draws
 * candidates from l and takes the one with the greatest l / g, which maximises the expected improvement (their section 4).
 *
 * Floats are estimated by {@link parzenDensity}, in the logarithm where `log` is set; of a whole or stepped number the
 * probability of the stretch that is rounded to it counts. A choice has probabilities proportional to 1 + its count (section 4.1).
 *
 * @throws {InvalidInputError} for options out of range
 * @throws {InvalidSearchSpaceError} for a space that cannot be searched
 * @example
 * const sampler = createTpeSampler(space, { seed: 42, direction: 'maximize' });
 * sampler.propose(study.trials, study.trials.length);
 */
export function createTpeSampler(space: SearchSpace, options: TpeSamplerOptions): Sampler {
  const { seed, direction, startupTrials = 10, gamma = 0.15, candidates = 24 } = options;
  assertWhole('The seed', seed, SEED_RANGE);
  assertDirection(direction);
  assertWhole('The number of startup trials', startupTrials, [1, 100_000]);
  assertWhole('The number of candidates', candidates, [1, 100_000]);
  if (!(gamma > 0 && gamma < 1)) {
    throw new InvalidInputError({ what: 'Gamma', expected: 'a number above 0 and below 1', found: gamma });
  }
  const checked = parseSearchSpace(space);

  return {
    space: checked,
    settings: { name: 'tpe', seed, startupTrials, gamma, candidates },
    direction,
    propose(trials, index) {
      const { good, bad } = splitTrials(trials, { gamma, direction });
      if (good.length + bad.length < startupTrials) return drawParameters(checked, seed, index);
      return Object.fromEntries(
        Object.entries(checked).map(([name, parameter]) => {
          const goodValues = valuesOf(good, name);
          const badValues = valuesOf(bad, name);
          const spread =
            parameter.type === 'choice'
              ? spreadOfChoice(parameter.values, goodValues, badValues)
              : spreadOnAxis(axisOf(parameter), goodValues, badValues);
          return [name, mostPromising(spread, candidates, randomOf(seed, index, name))];
        }),
      );
    },
  };
}

function valuesOf(trials: readonly TrialRecord[], name: string): ParameterValue[] {
  return trials.flatMap(({ parameters }) => parameters[name] ?? []);
}

/** The candidate with the greatest ratio; of equal ones the first. */
function mostPromising(spread: Spread, candidates: number, random: Random): ParameterValue {
  let best = spread.draw(random);
  let bestRatio = spread.ratio(best);
  for (let i = 1; i < candidates; i++) {
    const value = spread.draw(random);
    const ratio = spread.ratio(value);
    if (ratio > bestRatio) {
      best = value;
      bestRatio = ratio;
    }
  }
  return best;
}

function spreadOnAxis(axis: Axis, good: readonly ParameterValue[], bad: readonly ParameterValue[]): Spread {
  const estimate = (values: readonly ParameterValue[]) =>
    parzenDensity(
      values.map((value) => axis.place(Number(value))),
      [axis.from, axis.to],
    );
  const l = estimate(good);
  const g = estimate(bad);
  return {
    draw: (random) => axis.value(l.sample(random)),
    ratio(value) {
      const stretch = axis.stretch(Number(value));
      if (stretch !== undefined) return l.mass(...stretch) / g.mass(...stretch);
      const place = axis.place(Number(value));
      return l.density(place) / g.density(place);
    },
  };
}

function spreadOfChoice(
  choices: readonly ParameterValue[],
  good: readonly ParameterValue[],
  bad: readonly ParameterValue[],
): Spread {
  const estimate = (values: readonly ParameterValue[]) =>
    choices.map(
      (choice) => (1 + values.filter((value) => value === choice).length) / (choices.length + values.length),
    );
  const l = estimate(good);
  const g = estimate(bad);
  return {
    draw(random) {
      let rest = random.next();
      const chosen = choices.find((_, i) => {
        rest -= l[i] ?? 0;
        return rest < 0;
      });
      return chosen ?? (choices.at(-1) as ParameterValue);
    },
    ratio(value) {
      const i = choices.indexOf(value);
      return (l[i] ?? 0) / (g[i] ?? 1);
    },
  };
}
