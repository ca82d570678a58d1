import { createRandom, type FeatureMatrix, type TrainRequest } from '@risk-scoring/contract';

/** Normal columns of which one in ten values is unknown, and every hundredth row far away in the first two. */
export function makeOutliers({ rows = 4000, columns = 6 } = {}) {
  const random = createRandom(5, 'outliers');
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * columns));
  for (let i = 0; i < values.length; i++) values[i] = random.next() < 0.1 ? Number.NaN : random.normal();
  const isOutlier = Int8Array.from({ length: rows }, (_, row) => (row % 100 === 99 ? 1 : 0));
  for (let row = 0; row < rows; row++) {
    if (isOutlier[row] === 0) continue;
    values[row] = 8 + random.normal();
    values[rows + row] = -8 + random.normal();
  }
  const data: FeatureMatrix = {
    values,
    rows,
    columns: Array.from({ length: columns }, (_, i) => ({
      name: `column_${i}`,
      group: 'made',
      kind: 'numeric',
      meaning: 'noise',
      missing: 'unknown',
    })),
    keys: { processingDates: new Int32Array(rows), ids: Array.from({ length: rows }, (_, row) => `${row}`) },
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row),
    splitGroupNames: Array.from({ length: rows }, (_, row) => `0x${row}`),
    queryIds: new Int32Array(rows),
    schemaHash: 'made',
  };
  const request: TrainRequest = {
    data,
    trainRows: Int32Array.from({ length: rows / 2 }, (_, i) => 2 * i + 1),
    validationRows: new Int32Array(),
    labels: new Int8Array(rows).fill(-1),
    weights: new Float32Array(rows),
    seed: 42,
  };
  return { data, request, isOutlier };
}

/** One row of a matrix. */
export function rowOf({ values, rows, columns }: FeatureMatrix, row: number): number[] {
  return columns.map((_, column) => values[column * rows + row] ?? Number.NaN);
}

/** A matrix of the same columns with these rows. */
export function withRows(data: FeatureMatrix, rows: readonly (readonly number[])[]): FeatureMatrix {
  const values = data.columns.flatMap((_, column) => rows.map((row) => row[column] ?? Number.NaN));
  return { ...data, values: Float32Array.from(values), rows: rows.length };
}
