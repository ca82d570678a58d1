import { InvalidInputError } from '@risk-scoring/contract';
import { twoSidedNormal } from '../curves/two-sided-normal.ts';
import type { Distribution } from './distribution.ts';

/**
 * What an empty bin's share counts as. With shares of 0 the index would be infinite, so some floor is usual and 0.0001 the customary one: one
 * row in 10,000. A bin that the current rows left, and that held a tenth of the reference, then adds 0.69: far too much where there are but 60 rows, of
 * which one may easily miss a bin. So where the number of rows is told, an empty bin counts as half a row, if that is more.
 */
export const SHARE_FLOOR = 1e-4;

/** How to treat few rows. */
export interface StabilityOptions {
  /** Rows of the smaller of the two: no share counts as less than half a row. */
  readonly rows?: number | undefined;
}

/**
 * The population stability index between two distributions with the same edges: Σ (c − r) · ln(c / r) over the bins and the missing values, r and c
 * being the shares of the reference and of the current rows, those below {@link SHARE_FLOOR} (or half a row) raised to it. It is Jeffreys' divergence
 * (Jeffreys 1946): never negative, 0 for equal distributions, and the same either way round.
 *
 * Custom in credit scoring (Siddiqi, Credit Risk Scorecards, 2006, system stability report): below 0.1 no change to speak of, from
 * 0.25 on a shift. Chance alone makes it greater than 0, and the more so the fewer the rows: see {@link stabilityByChance}.
 *
 * @throws {InvalidInputError} on other edges, or a distribution of no rows
 * @example
 * const reference = distributionOf(trained);
 * populationStability(reference, distributionOf(today, { edges: reference.edges })); // 0.03
 */
export function populationStability(
  reference: Distribution,
  current: Distribution,
  { rows = Number.POSITIVE_INFINITY }: StabilityOptions = {},
): number {
  checkComparable(reference, current);
  const floor = Math.max(SHARE_FLOOR, 0.5 / rows);
  const term = (r: number, c: number) => {
    const [from, to] = [Math.max(r, floor), Math.max(c, floor)];
    return (to - from) * Math.log(to / from);
  };
  let sum = term(reference.missing, current.missing);
  for (let bin = 0; bin < reference.shares.length; bin++) {
    sum += term(reference.shares[bin], current.shares[bin]);
  }
  return sum;
}

function checkComparable(reference: Distribution, current: Distribution): void {
  const sameEdges =
    reference.edges.length === current.edges.length &&
    reference.edges.every((edge, i) => edge === current.edges[i]) &&
    reference.shares.length === current.shares.length;
  if (!sameEdges) {
    throw new InvalidInputError({
      what: 'the current distribution',
      expected: `a distribution with the reference's ${reference.edges.length} edges`,
      found: `${current.edges.length} edges, not the same`,
      remedy: 'count the current values into the edges of the reference',
    });
  }
  for (const [name, { shares, missing }] of Object.entries({ reference, current })) {
    const total = shares.reduce((sum, share) => sum + share, missing);
    if (Math.abs(total - 1) < 1e-6) continue;
    throw new InvalidInputError({
      what: `the ${name} distribution`,
      expected: 'shares that add up to 1',
      found: `${total}${total === 0 ? ': a distribution of no rows' : ''}`,
      remedy: 'compare distributions of one row or more',
    });
  }
}

/** How many rows the two distributions are of, and how sure to be. */
export interface ChanceOptions {
  readonly referenceRows: number;
  readonly currentRows: number;
  /** How often chance alone stays below; 0.999 when absent. */
  readonly level?: number | undefined;
}

/**
 * What the index stays below by chance where nothing has changed: (1/n + 1/m) · χ²(B − 1) at the level, with n and m rows and B bins that
 * hold rows (Yurdakul, Statistical Properties of Population Stability Index, Western Michigan University 2018). An index below it says nothing.
 *
 * Rows are taken as independent: where several belong to one address, hand in how many they are worth, see {@link effectiveRows}.
 * χ² is by the cube of a normal variable (Wilson and Hilferty, PNAS 1931): up to 3 % too high for one degree of freedom, below 0.5 % from five on.
 *
 * @throws {InvalidInputError} on a number of rows that is not positive, or a level not between 0.5 and 1
 * @example
 * stabilityByChance(reference, { referenceRows: 35_000, currentRows: 60 }); // 0.47 for ten bins
 */
export function stabilityByChance(reference: Distribution, options: ChanceOptions): number {
  const { referenceRows, currentRows, level = 0.999 } = options;
  if (!(referenceRows > 0 && currentRows > 0)) {
    throw new InvalidInputError({
      what: 'a number of rows',
      expected: 'a row or more on either side',
      found: `${referenceRows} and ${currentRows}`,
      remedy: 'compare distributions of one row or more',
    });
  }
  const held = [...reference.shares, reference.missing].filter((share) => share > 0).length;
  // A missing value where there was none makes a bin of its own, so one degree of freedom is the least.
  const freedom = Math.max(1, held - 1);
  return (1 / referenceRows + 1 / currentRows) * chiSquare(freedom, twoSidedNormal(2 * level - 1));
}

function chiSquare(freedom: number, z: number): number {
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + z * Math.sqrt(spread)) ** 3;
}

/**
 * How many independent rows some rows are worth of which several belong to one group: (Σ n)² / Σ n² over the rows n of each group (Kish, Survey
 * Sampling, 1965, for weights), which supposes that rows of one group are all the same. 1 to the number of groups.
 *
 * @param groups one code per row
 * @example
 * effectiveRows([7, 7, 7, 8]); // 1.6
 */
export function effectiveRows(groups: Iterable<number | string>): number {
  const counts = new Map<number | string, number>();
  let rows = 0;
  for (const group of groups) {
    counts.set(group, (counts.get(group) ?? 0) + 1);
    rows++;
  }
  let squares = 0;
  for (const count of counts.values()) squares += count * count;
  return squares === 0 ? 0 : (rows * rows) / squares;
}
