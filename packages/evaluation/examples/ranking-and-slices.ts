// Judge the order of alerts within each snapshot, then each typology by itself, then how calibrated the scores are.
//   node examples/ranking-and-slices.ts    (Node 22.18 or later runs TypeScript as it is)

import { createRandom } from '@risk-scoring/contract';
import { evaluateRanking, evaluateSlices, reliability } from '@risk-scoring/evaluation';

// 5 daily snapshots of 400 alerts, by 600 addresses of which one in eight is suspicious; three typologies.
const random = createRandom(11, 'example');
const suspicious = Int8Array.from({ length: 600 }, () => (random.next() < 1 / 8 ? 1 : 0));
const splitGroups = Int32Array.from({ length: 2000 }, () => random.integer(600));
const labels = Int8Array.from(splitGroups, (address) => suspicious[address]);
const queryIds = Int32Array.from({ length: 2000 }, (_, row) => Math.floor(row / 400));
const names = ['mixing', 'layering', 'peeling'];
const codes = Int32Array.from({ length: 2000 }, () => random.integer(names.length));
const scores = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(2.5 - 2 * label - random.normal())));

const quality = evaluateRanking({ labels, scores, queryIds, splitGroups, seed: 42, resamples: 200 });
console.log('NDCG@10', quality.ndcg['10'], 'between', quality.intervals?.ndcg['10']);
console.table(
  quality.per_query.map(({ query, positives, recall_at_k }) => ({ query, positives, ...recall_at_k })),
);

const slices = evaluateSlices({ labels, scores, codes, names, splitGroups });
console.table(slices.map(({ name, rows, positives, auc, ece }) => ({ name, rows, positives, auc, ece })));

console.table(reliability(labels, scores, { bins: 5 }));
