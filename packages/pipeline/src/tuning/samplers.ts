import {
  createGridSampler,
  createRandomSampler,
  createTpeSampler,
  type Direction,
  type Sampler,
  type SearchSpace,
} from '@risk-scoring/tuning';

/** The names that `--sampler` takes. */
export const SAMPLERS = ['tpe', 'random', 'grid'] as const;

/** One of {@link SAMPLERS}. */
export type SamplerName = (typeof SAMPLERS)[number];

/**
 * The sampler of a name.
 *
 * @throws {InvalidInputError} for a grid of too many combinations
 * @example
 * samplerByName('tpe', space, { seed: 42, direction: 'maximize' });
 */
export function samplerByName(
  name: SamplerName,
  space: SearchSpace,
  { seed, direction }: { readonly seed: number; readonly direction: Direction },
): Sampler {
  switch (name) {
    case 'tpe':
      return createTpeSampler(space, { seed, direction });
    case 'random':
      return createRandomSampler(space, { seed });
    case 'grid':
      return createGridSampler(space);
  }
}
