import type { FeatureMatrix } from '@risk-scoring/contract';
import { nextBelow } from '../convert/float32.ts';

/** A feature matrix from rows of numbers. */
export function matrixOf(names: readonly string[], rows: readonly ArrayLike<number>[]): FeatureMatrix {
  const values = new Float32Array(rows.length * names.length);
  for (const [row, numbers] of rows.entries()) {
    for (let column = 0; column < names.length; column++) {
      values[column * rows.length + row] = numbers[column] ?? Number.NaN;
    }
  }
  return matrixOfColumns(names, values);
}

/** A feature matrix around column-major values. */
export function matrixOfColumns(names: readonly string[], values: Float32Array): FeatureMatrix {
  const rows = values.length / names.length;
  return {
    values,
    rows,
    columns: names.map((name) => ({
      name,
      group: 'test',
      kind: 'numeric',
      meaning: name,
      missing: 'unknown',
    })),
    keys: {
      processingDates: new Int32Array(rows),
      ids: Array.from({ length: rows }, (_, row) => `row-${row}`),
    },
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row),
    splitGroupNames: Array.from({ length: rows }, (_, row) => `group-${row}`),
    queryIds: new Int32Array(rows),
    schemaHash: 'test',
  };
}

/** One row of a matrix. */
export function rowOf(matrix: FeatureMatrix, row: number): Float32Array {
  return Float32Array.from(
    matrix.columns,
    (_, column) => matrix.values[column * matrix.rows + row] ?? Number.NaN,
  );
}

/** Float32 numbers at which something could go wrong, whatever the model. */
export const EDGE_VALUES: readonly number[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  2 ** -149, // the least subnormal
  -(2 ** -149),
  2 ** -126, // the least normal number
  Math.fround(1e-35), // the largest magnitude that LightGBM takes for zero
  Math.fround(-1e-35),
  nextAbove(Math.fround(1e-35)),
  nextBelow(Math.fround(-1e-35)),
  3.4028234663852886e38, // the largest float32
  -3.4028234663852886e38,
];

/** The float32 nearest to a threshold, and the two on either side of it. */
export function aroundThreshold(threshold: number): readonly number[] {
  const nearest = Math.fround(threshold);
  const below = nextBelow(nearest);
  const above = nextAbove(nearest);
  return [nextBelow(below), below, nearest, above, nextAbove(above)];
}

function nextAbove(value: number): number {
  return -nextBelow(-value);
}
