import { createRandom } from '@risk-scoring/contract';
import {
  averagePrecision,
  bootstrapIntervals,
  distributionOf,
  evaluateBinary,
  evaluateRanking,
  evaluateSlices,
  expectedCalibrationError,
  rocAuc,
  singleFeatureAucs,
} from '@risk-scoring/evaluation';
import { measure as measureTime } from './table.mjs';

const random = createRandom(1, 'bench');

function makeRows(rows, rowsPerGroup) {
  const labels = Int8Array.from({ length: rows }, () => (random.next() < 0.17 ? 1 : 0));
  const scores = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(-random.normal() - label)));
  const splitGroups = Int32Array.from(labels, (_, row) => Math.floor(row / rowsPerGroup));
  return { labels, scores, splitGroups };
}

/** Processor time beside the time on the clock: the one that means something on a busy machine. */
function measure(name, work) {
  let best = Number.POSITIVE_INFINITY;
  const row = measureTime(name, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  });
  return { ...row, 'processor (ms)': Math.round(best) };
}

function makeMatrix(rows, columns) {
  const values = Float32Array.from({ length: rows * columns }, () => {
    const value = random.normal();
    return value > 1.5 ? Number.NaN : value;
  });
  return { values, rows, columns: Array.from({ length: columns }, (_, i) => ({ name: `column_${i}` })) };
}

const million = makeRows(1_000_000, 4);
const weights = Float64Array.from(million.labels, () => 0.5 + random.next());
const hundredThousand = makeRows(100_000, 4);
// 30 snapshots and 60 typologies over the million rows.
const queryIds = Int32Array.from(million.labels, () => random.integer(30));
const codes = Int32Array.from(million.labels, () => random.integer(60));
const names = Array.from({ length: 60 }, (_, i) => `typology ${i}`);
const matrix = makeMatrix(200_000, 60);
const columns = Array.from({ length: 160 }, () =>
  Float32Array.from({ length: 35_000 }, () => (random.next() < 0.3 ? 0 : random.normal())),
);
const matrixRows = Int32Array.from({ length: matrix.rows }, (_, row) => row);

console.table([
  measure('reference: Float64Array.sort of 1M scores (no labels)', () => million.scores.slice().sort()),
  measure('ROC AUC, 1M rows (float64)', () => rocAuc(million.labels, million.scores)),
  measure('average precision, 1M rows (float64)', () => averagePrecision(million.labels, million.scores)),
  measure('expected calibration error, 1M rows', () =>
    expectedCalibrationError(million.labels, million.scores),
  ),
  measure('all metrics without intervals, 1M rows', () =>
    evaluateBinary({ ...million, seed: 1, resamples: 0 }),
  ),
  measure('the same, weighted', () => evaluateBinary({ ...million, weights, seed: 1, resamples: 0 })),
  measure('all metrics, 200 bootstrap resamples, 1M rows in 250k groups', () =>
    evaluateBinary({ ...million, seed: 1, resamples: 200 }),
  ),
  measure('1000 bootstrap resamples, 100k rows in 25k groups', () =>
    bootstrapIntervals({ ...hundredThousand, seed: 1 }),
  ),
  measure('slices: 60 of 1M rows', () => evaluateSlices({ ...million, codes, names })),
  measure('ranking without intervals, 1M rows in 30 queries', () =>
    evaluateRanking({ ...million, queryIds, seed: 1, resamples: 0 }),
  ),
  measure('ranking, 200 bootstrap resamples, 1M rows in 30 queries', () =>
    evaluateRanking({ ...million, queryIds, seed: 1, resamples: 200 }),
  ),
  measure('reference: sort of 160 columns of 35k rows', () => {
    for (const column of columns) column.slice().sort();
  }),
  // A training records them for later comparisons.
  measure('distributions of 160 columns of 35k rows', () => {
    for (const column of columns) distributionOf(column);
  }),
  measure('single-feature AUCs, 200k rows x 60 columns', () =>
    singleFeatureAucs(matrix, million.labels.subarray(0, matrix.rows), matrixRows),
  ),
]);
