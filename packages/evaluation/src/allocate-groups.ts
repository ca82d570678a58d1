import { createRandom, type Random } from '@risk-scoring/contract';
import { coverClasses } from './cover-classes.ts';
import type { GroupClasses } from './group-classes.ts';

/** Into which parts groups go. */
export interface AllocationOptions {
  /** The share of the rows that each part should get; they add up to 1. */
  readonly shares: readonly number[];
  readonly seed: number;
  /** Names the use, so that a holdout and its folds draw different numbers. */
  readonly stream: string;
}

/**
 * Gives every group to one part so that each part gets its share of the rows of each class, as nearly
 * as whole groups allow.
 *
 * The greedy method of scikit-learn's `StratifiedGroupKFold`, for parts of any size: with f(p, c) the
 * share of class c that part p holds and s(p) the share it should, a group goes where
 * Σ f(p, c)² / s(p) grows least, which keeps every f(p, c) near s(p). For equal parts that is the smallest
 * variance between folds. Large groups go first, by powers of two, in random order within one power.
 *
 * Greed alone would always give the first groups to the largest part, and no holdout would ever judge the
 * largest addresses. So what a group itself adds, g(c)² / s(p), is multiplied by a standard exponential deviate of
 * the part and class: the first group then falls to part p with probability s(p) (the least of
 * exponentials of rates s(p)), and the rest follow from there, as in systematic sampling with a random start.
 * A group that exceeds the smallest share is left to greed alone, which puts it where it does least harm.
 *
 * @param groups at least as many groups with positives, and with negatives, as there are parts
 * @returns the part of each group, aligned with `groups.codes`; every part holds both classes
 */
export function allocateGroups(groups: GroupClasses, options: AllocationOptions): Int32Array {
  const random = createRandom(options.seed, options.stream);
  const parts = new Int32Array(groups.codes.length);
  const shares = Float64Array.from(options.shares);
  const positive = startClass(groups.positives, shares, random);
  const negative = startClass(groups.negatives, shares, random);
  for (const group of largestFirst(positive.sizes, negative.sizes, random)) {
    let best = 0;
    let leastGrowth = Infinity;
    for (let part = 0; part < shares.length; part++) {
      const growth = (growthOf(positive, group, part) + growthOf(negative, group, part)) / shares[part];
      if (growth < leastGrowth) {
        best = part;
        leastGrowth = growth;
      }
    }
    parts[group] = best;
    positive.fills[best] += positive.sizes[group];
    negative.fills[best] += negative.sizes[group];
  }
  coverClasses(groups, parts, shares.length);
  return parts;
}

/** One class while groups are being given away. */
interface ClassFill {
  /** The share of the class's rows that each group holds. */
  readonly sizes: Float64Array;
  /** The share of the class's rows that each part holds so far. */
  readonly fills: Float64Array;
  /** The random start of each part, with mean 1. */
  readonly starts: Float64Array;
  readonly smallestShare: number;
}

function startClass(rowsOfClass: Int32Array, shares: Float64Array, random: Random): ClassFill {
  const total = rowsOfClass.reduce((sum, rows) => sum + rows, 0);
  return {
    sizes: Float64Array.from(rowsOfClass, (rows) => rows / total),
    fills: new Float64Array(shares.length),
    starts: shares.map(() => -Math.log1p(-random.next())),
    smallestShare: Math.min(...shares),
  };
}

/** (f + g)² − f² = g (2f + g), with the start of the part on what the group adds itself. */
function growthOf(filled: ClassFill, group: number, part: number): number {
  const size = filled.sizes[group];
  const start = size > filled.smallestShare ? 1 : filled.starts[part];
  return size * (2 * filled.fills[part] + size * start);
}

/** Groups from the highest power of two of their size downwards, shuffled within each. */
function largestFirst(positiveSizes: Float64Array, negativeSizes: Float64Array, random: Random): Int32Array {
  const order = random.shuffle(Int32Array.from(positiveSizes.keys()));
  const powers = Int32Array.from(order, (_, group) => {
    const size = Math.sqrt(positiveSizes[group] ** 2 + negativeSizes[group] ** 2);
    return -Math.floor(Math.log2(size));
  });
  return sortBySmallKey(order, powers);
}

/** A counting sort: stable, and linear in the number of groups. */
function sortBySmallKey(order: Int32Array, keys: Int32Array): Int32Array {
  const starts = new Int32Array(keys.reduce((most, key) => Math.max(most, key), 0) + 2);
  for (const key of keys) starts[key + 1]++;
  for (let key = 1; key < starts.length; key++) starts[key] += starts[key - 1];
  const sorted = new Int32Array(order.length);
  for (const item of order) sorted[starts[keys[item]]++] = item;
  return sorted;
}
