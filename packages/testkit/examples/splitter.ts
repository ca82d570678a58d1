// The conformance suite of a splitter of one's own; save it as my-splitter.test.ts and run vitest.
import {
  createRandom,
  SPECIFICATION_VERSION,
  type Split,
  type SplitRequest,
  type Splitter,
} from '@risk-scoring/contract';
import { describeSplitter } from '@risk-scoring/testkit';

/** Shuffles the rows, whatever their addresses. */
function createRandomSplitter(): Splitter {
  const shuffled = ({ rows, seed }: SplitRequest) =>
    createRandom(seed, 'random-splitter').shuffle(rows.slice());
  const split = (order: Int32Array, from: number, to: number): Split => ({
    train: Int32Array.from([...order.slice(0, from), ...order.slice(to)]).sort(),
    test: order.slice(from, to).sort(),
  });
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'random',
    guarantee: 'no row is on both sides, but an address may be',
    holdout: (request, testFraction) =>
      split(shuffled(request), 0, Math.round(request.rows.length * testFraction)),
    folds(request, k) {
      const order = shuffled(request);
      const edge = (fold: number) => Math.round((order.length * fold) / k);
      return Array.from({ length: k }, (_, fold) => split(order, edge(fold), edge(fold + 1)));
    },
  };
}

describeSplitter('random splitter', () => createRandomSplitter(), { keepsGroupsTogether: false });
