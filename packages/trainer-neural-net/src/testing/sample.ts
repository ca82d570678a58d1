import { createRandom, type FeatureMatrix, type TrainRequest } from '@risk-scoring/contract';

/**
 * Six columns: two that tell the label, one of which is heavy-tailed and both of which lack one value in ten, one whose absence tells it, noise, a constant and
 * one that is never known. Three fifths of the rows are for training, one for validation, one for judging.
 */
export function makeSample({ rows = 2000, seed = 1 } = {}) {
  const random = createRandom(seed, 'sample');
  const names = ['smooth', 'heavy', 'absent', 'noise', 'constant', 'never_known'];
  const values = new Float32Array(new SharedArrayBuffer(4 * rows * names.length));
  const labels = new Int8Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [random.normal(), random.normal()];
    const isAbsent = random.next() < 0.3;
    labels[row] = a + b + (isAbsent ? 1 : 0) + 0.5 * random.normal() > 0.3 ? 1 : 0;
    const lacks = () => random.next() < 0.1;
    const entries = [
      lacks() ? Number.NaN : a,
      lacks() ? Number.NaN : Math.exp(3 * b),
      isAbsent ? Number.NaN : random.normal(),
      random.normal(),
      7,
      Number.NaN,
    ];
    for (const [column, value] of entries.entries()) values[column * rows + row] = value;
  }
  const data: FeatureMatrix = {
    values,
    rows,
    columns: names.map((name) => ({
      name,
      group: 'made',
      kind: 'numeric',
      meaning: 'made',
      missing: 'unknown',
    })),
    keys: { processingDates: new Int32Array(rows), ids: Array.from({ length: rows }, (_, row) => `${row}`) },
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row),
    splitGroupNames: Array.from({ length: rows }, (_, row) => `0x${row}`),
    queryIds: new Int32Array(rows),
    schemaHash: 'made',
  };
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const request: TrainRequest = {
    data,
    trainRows: all.filter((row) => row % 5 > 1),
    validationRows: all.filter((row) => row % 5 === 1),
    labels,
    weights: Float32Array.from({ length: rows }, () => 0.5 + 0.5 * random.next()),
    seed: 42,
  };
  return { data, labels, request, testRows: all.filter((row) => row % 5 === 0), all };
}

/** A matrix of the same columns with these rows. */
export function withRows(data: FeatureMatrix, rows: readonly (readonly number[])[]): FeatureMatrix {
  const values = data.columns.flatMap((_, column) => rows.map((row) => row[column] ?? Number.NaN));
  return { ...data, values: Float32Array.from(values), rows: rows.length };
}

/** One row of a matrix. */
export function rowOf({ values, rows, columns }: FeatureMatrix, row: number): number[] {
  return columns.map((_, column) => values[column * rows + row] ?? Number.NaN);
}
