import { createRandom, type FeatureMatrix } from '@risk-scoring/contract';

/** A matrix of columns in memory that is shared between threads. */
export function matrixOf(values: Float32Array, rows: number, queryIds = new Int32Array(rows)): FeatureMatrix {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return {
    values: shared,
    rows,
    columns: Array.from({ length: values.length / rows }, (_, i) => ({
      name: `feature_${i}`,
      group: 'sample',
      kind: 'numeric',
      meaning: 'noise',
      missing: 'unknown',
    })),
    keys: { processingDates: new Int32Array(rows), ids: Array.from({ length: rows }, (_, row) => `${row}`) },
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row),
    splitGroupNames: Array.from({ length: rows }, (_, row) => `0x${row}`),
    queryIds,
    schemaHash: 'sample',
  };
}

/** Some values row by row, as the library takes them. */
export function rowMajor({ values, rows, columns }: FeatureMatrix): Float32Array {
  const width = columns.length;
  return Float32Array.from(values, (_, i) => values[(i % width) * rows + Math.floor(i / width)] as number);
}

/** Rows from one share of the whole to another. */
export function part(rows: number, from: number, to: number): Int32Array {
  return Int32Array.from({ length: Math.round((to - from) * rows) }, (_, i) => Math.round(from * rows) + i);
}

/** Labels that the first two columns tell, with noise; rows for training, stopping and judging. */
export function sampleData({ rows = 2000, columns = 6, seed = 1 } = {}) {
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
  return {
    data: matrixOf(values, rows),
    labels,
    weights,
    trainRows: part(rows, 0, 0.6),
    validationRows: part(rows, 0.6, 0.8),
    testRows: part(rows, 0.8, 1),
    seed: 42,
  };
}

/** Queries whose rows have a relevance from 0 to 3 that two columns tell; each query has an offset of its own that tells nothing. Rows of the queries lie mixed. */
export function sampleQueries({ queries = 60, perQuery = 40, columns = 5, seed = 3 } = {}) {
  const random = createRandom(seed, 'queries');
  const rows = queries * perQuery;
  const values = new Float32Array(rows * columns).map(() => random.normal());
  const queryIds = Int32Array.from({ length: rows }, (_, row) => (row * 7) % queries);
  const offsets = Float64Array.from({ length: queries }, () => 5 * random.normal());
  const relevance = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const signal = (values[row] as number) - (values[rows + row] as number) + 0.8 * random.normal();
    relevance[row] = Math.min(3, Math.max(0, Math.floor(signal)));
    values[2 * rows + row] = signal / 4 + (offsets[queryIds[row] as number] as number);
  }
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const rowsOf = (from: number, to: number) =>
    all.filter((row) => {
      const share = (queryIds[row] as number) / queries;
      return share >= from && share < to;
    });
  return {
    data: matrixOf(values, rows, queryIds),
    labels: Int8Array.from(relevance, (grade) => (grade > 0 ? 1 : 0)),
    relevance,
    weights: new Float32Array(rows).fill(1),
    trainRows: rowsOf(0, 0.6),
    validationRows: rowsOf(0.6, 0.8),
    testRows: rowsOf(0.8, 1),
    seed: 42,
  };
}
