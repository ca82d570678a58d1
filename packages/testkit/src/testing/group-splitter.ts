import type { Split, SplitRequest, Splitter } from '@risk-scoring/contract';
import { createRandom, SPECIFICATION_VERSION } from '@risk-scoring/contract';

/** A sound splitter for trying the suite: whole groups, shuffled by the seed. */
export function createGroupSplitter(): Splitter {
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'group',
    guarantee: 'no group is on both sides',
    holdout: (request, testFraction) => splitAt(request, (place) => place < testFraction),
    folds: (request, k) =>
      Array.from({ length: k }, (_, fold) => splitAt(request, (place) => Math.floor(place * k) === fold)),
  };
}

/** Puts the groups whose place, from 0 to 1 in a random order, is picked on the test side. */
function splitAt(request: SplitRequest, isTest: (place: number) => boolean): Split {
  const groups = [...new Set(request.rows.map((row) => request.splitGroups[row]))].sort((a, b) => a - b);
  const order = createRandom(request.seed, 'group-splitter').shuffle(groups);
  const places = new Map(order.map((group, index) => [group, index / order.length]));
  const inTest = (row: number) => isTest(places.get(request.splitGroups[row]) ?? 0);
  return { train: request.rows.filter((row) => !inTest(row)), test: request.rows.filter(inTest) };
}
