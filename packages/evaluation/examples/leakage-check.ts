// Look for columns that tell the classes apart all by themselves.
//   node examples/leakage-check.ts    (Node 22.18 or later runs TypeScript as it is)

import { createRandom, type FeatureColumn, type FeatureMatrix } from '@risk-scoring/contract';
import { singleFeatureAucs } from '@risk-scoring/evaluation';

const random = createRandom(3, 'example');
const rows = 1000;
const labels = Int8Array.from({ length: rows }, () => (random.next() < 0.2 ? 1 : 0));

const column = (name: string, meaning: string): FeatureColumn => ({
  name,
  group: 'example',
  kind: 'numeric',
  meaning,
  missing: 'the address is unknown',
});
const matrix: FeatureMatrix = {
  values: Float32Array.of(
    ...Array.from(labels, (label) => label + 2 * random.normal()),
    ...Array.from(labels, (label) => (label === 1 ? 17 : Number.NaN)),
  ),
  rows,
  columns: [
    column('velocity', 'share of inflow that left within a day'),
    column('report_count', 'times the address was reported: known for reported addresses only'),
  ],
  keys: { processingDates: new Int32Array(rows), ids: Array.from(labels, (_, row) => `alert-${row}`) },
  splitGroups: Int32Array.from(labels.keys()),
  splitGroupNames: Array.from(labels, (_, row) => `address-${row}`),
  queryIds: new Int32Array(rows),
  schemaHash: 'example',
};

const aucs = singleFeatureAucs(matrix, labels, Int32Array.from(labels.keys()));
matrix.columns.forEach(({ name }, i) => {
  console.log(`${name}: ${aucs[i].toFixed(3)}${aucs[i] > 0.98 ? '  <- a leak, surely' : ''}`);
});
