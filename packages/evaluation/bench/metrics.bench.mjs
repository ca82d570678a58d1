import { createRandom } from '@risk-scoring/contract';
import {
  averagePrecision,
  bootstrapIntervals,
  evaluateBinary,
  rocAuc,
  singleFeatureAucs,
} from '@risk-scoring/evaluation';
import { measure } from './table.mjs';

const random = createRandom(1, 'bench');

function makeRows(rows, rowsPerGroup) {
  const labels = Int8Array.from({ length: rows }, () => (random.next() < 0.17 ? 1 : 0));
  const scores = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(-random.normal() - label)));
  const splitGroups = Int32Array.from(labels, (_, row) => Math.floor(row / rowsPerGroup));
  return { labels, scores, splitGroups };
}

function makeMatrix(rows, columns) {
  const values = Float32Array.from({ length: rows * columns }, () => {
    const value = random.normal();
    return value > 1.5 ? Number.NaN : value;
  });
  return { values, rows, columns: Array.from({ length: columns }, (_, i) => ({ name: `column_${i}` })) };
}

const million = makeRows(1_000_000, 4);
const hundredThousand = makeRows(100_000, 4);
const matrix = makeMatrix(200_000, 60);
const matrixRows = Int32Array.from({ length: matrix.rows }, (_, row) => row);

console.table([
  measure('ROC AUC, 1M rows (float64)', () => rocAuc(million.labels, million.scores)),
  measure('average precision, 1M rows (float64)', () => averagePrecision(million.labels, million.scores)),
  measure('all metrics without intervals, 1M rows', () =>
    evaluateBinary({ ...million, seed: 1, resamples: 0 }),
  ),
  measure('1000 bootstrap resamples, 100k rows in 25k groups', () =>
    bootstrapIntervals({ ...hundredThousand, seed: 1 }),
  ),
  measure('single-feature AUCs, 200k rows x 60 columns', () =>
    singleFeatureAucs(matrix, million.labels.subarray(0, matrix.rows), matrixRows),
  ),
]);
