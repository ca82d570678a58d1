import {
  createRandom,
  type Random,
  SPECIFICATION_VERSION,
  type Split,
  type SplitRequest,
  type Splitter,
} from '@risk-scoring/contract';
import { checkClasses, checkFolds, checkFraction, checkRows } from './check-request.ts';
import { TooFewRowsError } from './errors.ts';
import { splitOff } from './split-off.ts';

/**
 * Row by row at random, stratified by label, seeded: what most published figures are measured with, and so
 * good for comparing with them, but for little else. The alerts of one address stand on both sides, so a
 * model is judged on addresses that it knows by heart.
 *
 * Each class is divided by itself: a holdout has the nearest whole number of rows of each (at least one, and one
 * stays), folds differ by one row at most, in each class and altogether. `hidden` marks the test rows alone.
 *
 * `holdout` and `folds` throw `InvalidInputError` on a fraction outside 0..1, fewer than two folds or rows that
 * are no ascending labelled rows; `SingleClassError` when all labels agree; `TooFewRowsError` when a class has
 * fewer rows than there are parts.
 *
 * @example
 * const { train, test } = createRandomSplitter().holdout({ rows, keys, labels, splitGroups, seed: 42 }, 0.2);
 */
export function createRandomSplitter(): Splitter {
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'random',
    guarantee:
      'rows fall on either side by chance; the same address is on both sides of the split, so figures overstate what unseen addresses get',
    disjoint: false,

    holdout(request, testFraction) {
      checkFraction(testFraction);
      const parts = new Int32Array(request.rows.length);
      for (const order of shuffledClasses(request, 2, createRandom(request.seed, 'random holdout'))) {
        const nearest = Math.round(order.length * testFraction);
        const tested = Math.min(Math.max(nearest, 1), order.length - 1);
        for (let i = 0; i < tested; i++) parts[order[i]] = 1;
      }
      return hidingTest(request, splitOff(request.rows, parts, 1));
    },

    folds(request, k) {
      checkFolds(k);
      const parts = new Int32Array(request.rows.length);
      let dealt = 0;
      for (const order of shuffledClasses(request, k, createRandom(request.seed, 'random folds'))) {
        for (const i of order) parts[i] = dealt++ % k;
      }
      return Array.from({ length: k }, (_, fold) => hidingTest(request, splitOff(request.rows, parts, fold)));
    },
  };
}

/** Where the rows of each class stand among `request.rows`, in random order. */
function shuffledClasses(request: SplitRequest, parts: number, random: Random): readonly Int32Array[] {
  checkRows(request);
  const { rows, labels } = request;
  const { positives, negatives } = checkClasses(labels, rows, { where: 'the rows to split' });
  if (positives < parts || negatives < parts) {
    throw new TooFewRowsError({
      summary: `There are too few labelled rows to split into ${parts} parts that each hold both classes.`,
      expected: `at least ${parts} rows labelled 1, and ${parts} labelled 0`,
      found: `${positives} labelled 1 and ${negatives} labelled 0`,
      remedy: 'use fewer folds, widen the period or add labels',
    });
  }
  const places = Int32Array.from(rows.keys());
  return [1, 0].map((label) => random.shuffle(places.filter((i) => labels[rows[i]] === label)));
}

function hidingTest({ labels }: SplitRequest, split: Split): Split {
  const hidden = new Uint8Array(labels.length);
  for (const row of split.test) hidden[row] = 1;
  return { ...split, hidden };
}
