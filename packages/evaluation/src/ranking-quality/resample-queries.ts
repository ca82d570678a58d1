import { createRandom } from '@risk-scoring/contract';
import { drawGroups } from '../draw-groups.ts';
import { type Interval, intervalOf } from '../intervals.ts';
import { figureCount, meanFigures } from './mean-figures.ts';
import type { RankedQueries } from './rank-queries.ts';

/** How to resample, and what to measure. */
export interface QueryResampling {
  readonly ks: readonly number[];
  readonly discounts: Float64Array;
  /** How many split groups there are. */
  readonly groups: number;
  readonly seed: number;
  readonly resamples: number;
  readonly level: number;
}

/**
 * Percentile bootstrap intervals of the mean figures. Split groups (addresses) are drawn with replacement, through all queries
 * at once, and every row stands in its query's ranking as often as its address was drawn, copies side by side. Counting
 * multiplicities as weights, as the binary metrics do, would be wrong here: k counts places in a list, and a row that
 * occurs twice takes two of them.
 *
 * @returns one interval per figure, as `meanFigures` orders them; `redrawn` counts draws without any positive row
 */
export function resampleQueries(
  ranked: RankedQueries,
  { ks, discounts, groups, seed, resamples, level }: QueryResampling,
): { intervals: Interval[]; redrawn: number } {
  const random = createRandom(seed, 'ranking bootstrap');
  const multiplicities = new Uint16Array(groups);
  const figures = new Float64Array(figureCount(ks));
  const draws = Array.from(figures, () => new Float64Array(resamples));
  let redrawn = 0;
  for (let resample = 0; resample < resamples; ) {
    drawGroups(multiplicities, random);
    if (meanFigures(ranked, { ks, discounts, multiplicities }, figures) === 0) {
      redrawn++;
      continue;
    }
    for (let i = 0; i < figures.length; i++) draws[i][resample] = figures[i];
    resample++;
  }
  return { intervals: draws.map((values) => intervalOf(values, level)), redrawn };
}
