import {
  SingleClassError,
  SPECIFICATION_VERSION,
  type SplitRequest,
  type Splitter,
} from '@risk-scoring/contract';
import { type AllocationOptions, allocateGroups } from './allocate-groups.ts';
import { TooFewGroupsError } from './errors.ts';
import { countGroupClasses, type GroupClasses } from './group-classes.ts';
import { checkFolds, checkFraction } from './splitters/check-request.ts';
import { splitOff } from './splitters/split-off.ts';

/**
 * The default splitter: by split group (the address), stratified by label, seeded.
 *
 * No group is ever on both sides. Every part holds both classes, and of each class as near to its share of
 * the rows as whole groups allow: the more groups, the nearer (with few groups of a class, each part gets at
 * least one, whatever the fraction). Parts depend on the seed, the groups' codes and their class counts
 * only; the order of rows matters through the codes alone.
 *
 * `holdout` and `folds` throw `InvalidInputError` on a fraction outside 0..1, fewer than two folds or rows that
 * are no ascending labelled rows; `SingleClassError` when all labels agree; `TooFewGroupsError` when a class
 * has fewer groups than there are parts.
 *
 * @example
 * const { train, test } = createAddressSplitter().holdout({ rows, keys, labels, splitGroups, seed: 42 }, 0.2);
 */
export function createAddressSplitter(): Splitter {
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'address',
    guarantee: 'no address is on both sides of the split',

    holdout(request, testFraction) {
      checkFraction(testFraction);
      const options = { shares: [1 - testFraction, testFraction], seed: request.seed, stream: 'holdout' };
      return splitOff(request.rows, partOfRows(request, options), 1);
    },

    folds(request, k) {
      checkFolds(k);
      const options = { shares: new Array<number>(k).fill(1 / k), seed: request.seed, stream: 'folds' };
      const parts = partOfRows(request, options);
      return Array.from({ length: k }, (_, fold) => splitOff(request.rows, parts, fold));
    },
  };
}

/** The part of each requested row, aligned with `request.rows`. */
function partOfRows(request: SplitRequest, options: AllocationOptions): Int32Array {
  const groups = countGroupClasses(request);
  checkGroups(groups, options.shares.length);
  const partOfGroup = allocateGroups(groups, options);
  const partOfCode = new Int32Array(request.splitGroups.length);
  for (let group = 0; group < partOfGroup.length; group++)
    partOfCode[groups.codes[group]] = partOfGroup[group];
  return request.rows.map((row) => partOfCode[request.splitGroups[row]]);
}

function checkGroups({ positives, negatives }: GroupClasses, parts: number): void {
  const sum = (counts: Int32Array) => counts.reduce((total, count) => total + count, 0);
  if (sum(positives) === 0 || sum(negatives) === 0) {
    throw new SingleClassError({
      where: 'the rows to split',
      positives: sum(positives),
      negatives: sum(negatives),
    });
  }
  const groupsWith = (counts: Int32Array) =>
    counts.reduce((groups, count) => groups + (count > 0 ? 1 : 0), 0);
  if (groupsWith(positives) >= parts && groupsWith(negatives) >= parts) return;
  throw new TooFewGroupsError({
    summary: `There are too few addresses to split into ${parts} parts that each hold both classes.`,
    expected: `at least ${parts} addresses with rows labelled 1, and ${parts} with rows labelled 0`,
    found: `${groupsWith(positives)} addresses with rows labelled 1, and ${groupsWith(negatives)} with rows labelled 0`,
    remedy: 'use fewer folds, widen the period or add labels',
  });
}
