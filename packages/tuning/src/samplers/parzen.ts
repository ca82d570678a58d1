import type { Random } from '@risk-scoring/contract';
import { normalDensity, normalDistribution } from './normal-distribution.ts';

/** A density over an interval: the prior and a hump around each observation. */
export interface ParzenDensity {
  /** The density at a place of the interval. */
  density(place: number): number;
  /** The probability of a part of the interval. */
  mass(from: number, to: number): number;
  sample(random: Random): number;
}

interface Hump {
  readonly mean: number;
  readonly deviation: number;
  /** The probability that the untruncated normal distribution has within the interval. */
  readonly within: number;
}

/**
 * The adaptive Parzen estimator of Bergstra, Bardenet, Bengio, Kégl (2011), "Algorithms for Hyper-Parameter Optimization", NeurIPS,
 * section 4.1: an equally weighted mixture of the prior, uniform over [from, to], and of a normal distribution around each
 * observation, truncated to the interval. A deviation is the greater of the distances to the neighbours on both sides, the ends of
 * the interval being neighbours too, clipped to between range / min(100, 1 + n) and range for n observations (the paper asks for
 * "a reasonable range"; these bounds are those of Hyperopt and Optuna).
 *
 * @param places n observations in the interval, in any order; none leaves the prior
 * @example
 * parzenDensity([0.2, 0.3], [0, 1]).density(0.25); // above 1, the density of the prior
 */
export function parzenDensity(
  places: readonly number[],
  [from, to]: readonly [number, number],
): ParzenDensity {
  const range = to - from;
  const humps = humpsOf(places, from, to);
  const components = humps.length + 1;

  function density(place: number): number {
    let sum = 1 / range;
    for (const { mean, deviation, within } of humps) {
      sum += normalDensity((place - mean) / deviation) / (deviation * within);
    }
    return sum / components;
  }

  function mass(start: number, end: number): number {
    let sum = (end - start) / range;
    for (const { mean, deviation, within } of humps) {
      sum += normalBetween(start, end, { mean, deviation }) / within;
    }
    return sum / components;
  }

  function sample(random: Random): number {
    const hump = humps[random.integer(components)];
    if (hump === undefined) return from + random.next() * range;
    // At least a third of the draws are within: the mean is, and the deviation is at most the range.
    for (;;) {
      const place = hump.mean + hump.deviation * random.normal();
      if (place >= from && place <= to) return place;
    }
  }

  return { density, mass, sample };
}

function humpsOf(places: readonly number[], from: number, to: number): Hump[] {
  const range = to - from;
  const least = range / Math.min(100, 1 + places.length);
  const sorted = Float64Array.from(places).sort();
  return Array.from(sorted, (mean, i) => {
    const gap = Math.max(mean - (sorted[i - 1] ?? from), (sorted[i + 1] ?? to) - mean);
    const deviation = Math.min(range, Math.max(least, gap));
    return { mean, deviation, within: normalBetween(from, to, { mean, deviation }) };
  });
}

function normalBetween(
  from: number,
  to: number,
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
): number {
  return normalDistribution((to - mean) / deviation) - normalDistribution((from - mean) / deviation);
}
