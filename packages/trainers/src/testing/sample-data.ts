import { createRandom, type FeatureMatrix } from '@risk-scoring/contract';

/** A matrix with labels that its first two columns tell, with noise, and rows for training, stopping and judging. */
export function sampleData({ rows = 3000, columns = 6, seed = 1 } = {}) {
  const random = createRandom(seed, 'sample');
  const values = new Float32Array(rows * columns).map(() => random.normal());
  for (let i = 0; i < values.length; i += 17) values[i] = Number.NaN;
  const labels = new Int8Array(rows);
  const weights = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const signal = (values[row] || 0) + (values[rows + row] || 0) ** 2 - 1 + 0.7 * random.normal();
    labels[row] = signal > 0 ? 1 : 0;
    weights[row] = 0.5 + 0.5 * random.next();
  }
  const data: FeatureMatrix = {
    values,
    rows,
    columns: Array.from({ length: columns }, (_, i) => ({
      name: `feature_${i}`,
      group: 'sample',
      kind: 'numeric',
      meaning: 'noise',
      missing: 'unknown',
    })),
    keys: { processingDates: new Int32Array(rows), ids: Array.from({ length: rows }, (_, row) => `${row}`) },
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row),
    splitGroupNames: Array.from({ length: rows }, (_, row) => `0x${row}`),
    queryIds: new Int32Array(rows),
    schemaHash: 'sample',
  };
  const part = (from: number, to: number) =>
    Int32Array.from({ length: Math.round((to - from) * rows) }, (_, i) => Math.round(from * rows) + i);
  return {
    data,
    labels,
    weights,
    trainRows: part(0, 0.6),
    validationRows: part(0.6, 0.8),
    testRows: part(0.8, 1),
    seed: 42,
  };
}
