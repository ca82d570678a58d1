// Hold out a fifth of the addresses, score them and print the figures with their intervals.
//   node examples/holdout-and-metrics.ts    (Node 22.18 or later runs TypeScript as it is)

import { createRandom } from '@risk-scoring/contract';
import { createAddressSplitter, evaluateBinary } from '@risk-scoring/evaluation';

// 3,000 alerts of 900 addresses; one address in six is suspicious. In practice a label strategy says so.
const random = createRandom(7, 'example');
const suspicious = Int8Array.from({ length: 900 }, () => (random.next() < 1 / 6 ? 1 : 0));
const splitGroups = Int32Array.from({ length: 3000 }, () => random.integer(900));
const labels = Int8Array.from(splitGroups, (address) => suspicious[address]);

const { train, test } = createAddressSplitter().holdout(
  {
    rows: Int32Array.from(labels.keys()),
    keys: {
      processingDates: new Int32Array(3000).fill(20_000),
      ids: Array.from(labels, (_, i) => `alert-${i}`),
    },
    labels,
    splitGroups,
    seed: 42,
  },
  0.2,
);
console.log(`${train.length} alerts to learn from, ${test.length} to judge on`);

// One probability per test row. In practice a trained model says so.
const scores = Float64Array.from(
  test,
  (row) => 1 / (1 + Math.exp(2.2 - 1.6 * labels[row] - random.normal())),
);

const metrics = evaluateBinary({ labels, scores, rows: test, splitGroups, seed: 42 });
console.log(`AUC ${metrics.auc.toFixed(3)}, 95 % interval`, metrics.intervals?.auc);
console.log(`PR-AUC ${metrics.prAuc.toFixed(3)}, to beat: ${metrics.baseline.prAuc.toFixed(3)}`);
console.log(`Brier ${metrics.brier.toFixed(3)}, to beat: ${metrics.baseline.brier.toFixed(3)}`);
