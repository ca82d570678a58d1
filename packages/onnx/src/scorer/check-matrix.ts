import type { FeatureMatrix } from '@risk-scoring/contract';
import { FeatureSchemaMismatchError, InvalidInputError } from '@risk-scoring/contract';

/** Refuses a matrix whose columns are not the model's, in the model's order. */
export function assertSameFeatures(
  matrix: FeatureMatrix,
  featureNames: readonly string[],
  modelId: string,
): void {
  const mismatch = (expected: string, found: string) => {
    throw new FeatureSchemaMismatchError({ modelId, expected, found });
  };
  if (matrix.columns.length !== featureNames.length) {
    mismatch(`${featureNames.length} features`, `${matrix.columns.length} features`);
  }
  const wrong = featureNames.findIndex((name, index) => matrix.columns[index]?.name !== name);
  if (wrong >= 0)
    mismatch(`'${featureNames[wrong]}' as feature ${wrong}`, `'${matrix.columns[wrong]?.name}'`);
}

/** Refuses a matrix that is not as long as it says, and rows that it does not have. */
export function assertRowsExist(matrix: FeatureMatrix, rows: Int32Array | undefined): void {
  const length = matrix.rows * matrix.columns.length;
  if (matrix.values.length !== length) {
    throw new InvalidInputError({
      what: 'The feature matrix',
      expected: `${length} values, rows × columns`,
      found: matrix.values.length,
    });
  }
  const outside = rows?.find((row) => row < 0 || row >= matrix.rows);
  if (outside !== undefined) {
    throw new InvalidInputError({
      what: 'The row index',
      expected: `0 to ${matrix.rows - 1}`,
      found: outside,
    });
  }
}
