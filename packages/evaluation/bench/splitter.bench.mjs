import { createRandom } from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { measure } from './table.mjs';

const random = createRandom(2, 'bench');
const rows = 1_000_000;
const groups = 300_000;
const request = {
  rows: Int32Array.from({ length: rows }, (_, row) => row),
  keys: { processingDates: new Int32Array(rows), ids: [] },
  labels: Int8Array.from({ length: rows }, () => (random.next() < 0.17 ? 1 : 0)),
  splitGroups: Int32Array.from({ length: rows }, () => random.integer(groups)),
  seed: 1,
};
const splitter = createAddressSplitter();

console.table([
  measure('holdout of a fifth, 1M rows in 300k groups', () => splitter.holdout(request, 0.2)),
  measure('5 folds, 1M rows in 300k groups', () => splitter.folds(request, 5)),
  measure('10 folds, 1M rows in 300k groups', () => splitter.folds(request, 10)),
]);
