// Learn from the past, judge on the future, and see what both sides have in common.
//   node examples/temporal-split.ts    (Node 22.18 or later runs TypeScript as it is)

import { createRandom, dayText } from '@risk-scoring/contract';
import {
  createAddressSplitter,
  createRandomSplitter,
  createTemporalSplitter,
  sharedGroups,
  sharedWindowDays,
} from '@risk-scoring/evaluation';

// 60 daily snapshots of a 7-day window, 50 alerts each, of 900 addresses; one address in six is suspicious.
const windowDays = 7;
const rows = 3000;
const random = createRandom(7, 'example');
const suspicious = Int8Array.from({ length: 900 }, () => (random.next() < 1 / 6 ? 1 : 0));
const splitGroups = Int32Array.from({ length: rows }, () => random.integer(900));
const labels = Int8Array.from(splitGroups, (address) => suspicious[address]);
const processingDates = Int32Array.from({ length: rows }, (_, row) => 20_000 + Math.floor(row / 50));
const request = {
  rows: Int32Array.from(labels.keys()),
  keys: { processingDates, ids: Array.from(labels, (_, row) => `alert-${row}`) },
  labels,
  splitGroups,
  seed: 42,
};

for (const splitter of [
  createRandomSplitter(),
  createAddressSplitter(),
  createTemporalSplitter(),
  createTemporalSplitter({ purgeDays: windowDays - 1, unseenOnly: true }),
]) {
  const split = splitter.holdout(request, 0.2);
  const trainDates = split.train.map((row) => processingDates[row]);
  const testDates = split.test.map((row) => processingDates[row]);
  const addresses = sharedGroups(splitGroups, split).share;
  const days = sharedWindowDays({ trainDates, testDates, windowDays });
  console.log(`${splitter.name}: ${splitter.guarantee}`);
  console.log(`  ${split.train.length} alerts to learn from, ${split.test.length} to judge on`);
  console.log(`  known already: ${percent(addresses)} of the addresses, ${percent(days)} of the days`);
}

const folds = createTemporalSplitter({ purgeDays: windowDays - 1 }).folds(request, 4);
for (const { train, test } of folds) {
  const [first, last] = [test[0], test[test.length - 1]].map((row) => dayText(processingDates[row]));
  console.log(`${train.length} alerts before, ${test.length} from ${first} to ${last}`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
