import { FeatureSchemaMismatchError, InvalidInputError } from '../errors.ts';
import type { FeatureMatrix } from '../feature-matrix.ts';

/** Values that worker threads see, and which of their rows are meant. */
export interface SharedRows {
  /** Column-major, on a SharedArrayBuffer. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  /** All when undefined. */
  readonly selected: Int32Array | undefined;
}

/**
 * The matrix as memory that worker threads see. On a SharedArrayBuffer it is taken as it is; else the selected rows are copied onto one.
 */
export function shareRows(data: FeatureMatrix, selected: Int32Array | undefined): SharedRows {
  const { values, rows } = data;
  const columns = data.columns.length;
  if (values.buffer instanceof SharedArrayBuffer) return { values, rows, columns, selected };
  const count = selected?.length ?? rows;
  const shared = new Float32Array(new SharedArrayBuffer(count * columns * Float32Array.BYTES_PER_ELEMENT));
  if (selected === undefined) {
    shared.set(values);
    return { values: shared, rows, columns, selected };
  }
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < count; i++)
      shared[column * count + i] = values[column * rows + (selected[i] as number)] as number;
  }
  return { values: shared, rows: count, columns, selected: undefined };
}

/**
 * Refuses a matrix that is not as long as it says, and rows that it does not have.
 *
 * @throws {InvalidInputError} where it is so
 */
export function assertRows({ values, rows, columns }: FeatureMatrix, selected: Int32Array | undefined): void {
  if (values.length !== rows * columns.length) {
    throw new InvalidInputError({
      what: 'The feature matrix',
      expected: `${rows} rows × ${columns.length} columns = ${rows * columns.length} values`,
      found: `${values.length} values`,
    });
  }
  const outside = selected?.find((row) => row < 0 || row >= rows);
  if (outside === undefined) return;
  throw new InvalidInputError({ what: 'The row index', expected: `0 to ${rows - 1}`, found: outside });
}

/**
 * Refuses a matrix whose columns are not the model's, in its order.
 *
 * @param modelId what the model is called in the message
 * @throws {FeatureSchemaMismatchError} where it is so
 */
export function assertSameColumns(
  { columns }: FeatureMatrix,
  names: readonly string[],
  modelId = 'this model',
): void {
  const mismatch = (expected: string, found: string) =>
    new FeatureSchemaMismatchError({ modelId, expected, found });
  if (columns.length !== names.length)
    throw mismatch(`${names.length} features`, `${columns.length} features`);
  const wrong = names.findIndex((name, i) => name !== columns[i]?.name);
  if (wrong >= 0) throw mismatch(`'${names[wrong]}' as feature ${wrong}`, `'${columns[wrong]?.name}'`);
}
