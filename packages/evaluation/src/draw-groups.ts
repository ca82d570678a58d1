import type { Random } from '@risk-scoring/contract';
import { TooFewGroupsError } from './errors.ts';

/**
 * One bootstrap draw: as many groups as there are, with replacement.
 *
 * @param multiplicities how often each group was drawn; written over
 */
export function drawGroups(multiplicities: Uint16Array, random: Random): void {
  multiplicities.fill(0);
  for (let i = 0; i < multiplicities.length; i++) multiplicities[random.integer(multiplicities.length)]++;
}

/** Why one group is not enough. */
export function tooFewToResample(groups: number): TooFewGroupsError {
  return new TooFewGroupsError({
    summary: 'One split group cannot be resampled: how far figures vary between addresses is unknown.',
    expected: 'scored rows of at least 2 split groups (addresses)',
    found: String(groups),
    remedy: 'judge on a larger test part',
  });
}
