import { assertColumnMatrix, assertRowNumbers, gatherRows } from '../column-matrix.ts';
import { assertFeatureNames } from '../feature-names.ts';
import type { SharedMatrix } from './protocol.ts';

/** A matrix with the names of its columns, column-major: `values[column * rows + row]`. NaN means unknown. */
export interface NamedMatrix {
  /** On a SharedArrayBuffer the worker reads it in place; else it is copied onto one, once per call. */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: readonly string[];
}

/** A matrix that both threads see, and which of its rows are meant. */
export interface SharedRows {
  readonly matrix: SharedMatrix;
  readonly selected: Int32Array | undefined;
}

/**
 * The matrix as memory that both threads see. What is not shared yet is copied: all of it, or only the selected rows,
 * which are then all rows of the copy.
 *
 * @throws {LightGBMDataError} where lengths, names or row numbers do not fit together
 */
export function shareRows(
  { values, rows, columns }: NamedMatrix,
  selected: Int32Array | undefined,
): SharedRows {
  const matrix = { values, rows, columns: columns.length };
  assertColumnMatrix(matrix);
  assertFeatureNames(columns, columns.length);
  if (selected) assertRowNumbers('The selection of rows', selected, rows);
  if (values.buffer instanceof SharedArrayBuffer) return { matrix, selected };
  if (selected === undefined) {
    const shared = sharedFloats(values.length);
    shared.set(values);
    return { matrix: { ...matrix, values: shared }, selected };
  }
  const gathered = sharedFloats(selected.length * columns.length);
  gatherRows(matrix, selected, gathered);
  return { matrix: { ...matrix, values: gathered, rows: selected.length }, selected: undefined };
}

function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
