import { InvalidInputError } from '@risk-scoring/contract';

/** Column-major values: `values[column * rows + row]`. */
export interface Columns {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** Rows that are gathered together: what is written then stays in the processor's cache. */
const BLOCK_ROWS = 256;

/**
 * XGBoost refuses infinite values, and puts its last bin's edge at about twice the largest one, which has to be a float32 too.
 */
const LARGEST = 1.7e38;

/**
 * Rows of a column-major matrix, row by row: what a dense DMatrix is made of.
 *
 * @param rows as they are numbered in `matrix`, any number of times, in any order
 * @throws {InvalidInputError} for a value that is infinite or above 1.7e38 in magnitude
 * @example
 * gatherRows({ values: Float32Array.of(1, 2, 3, 4), rows: 2, columns: 2 }, Int32Array.of(1)); // [2, 4]
 */
export function gatherRows({ values, rows, columns }: Columns, selected: Int32Array): Float32Array {
  const gathered = new Float32Array(selected.length * columns);
  for (let start = 0; start < selected.length; start += BLOCK_ROWS) {
    const end = Math.min(start + BLOCK_ROWS, selected.length);
    for (let column = 0; column < columns; column++) {
      const offset = column * rows;
      for (let i = start; i < end; i++) {
        const value = values[offset + (selected[i] as number)] as number;
        if (Math.abs(value) > LARGEST) throw tooLarge(value, column);
        gathered[i * columns + column] = value;
      }
    }
  }
  return gathered;
}

function tooLarge(value: number, column: number): InvalidInputError {
  return new InvalidInputError({
    what: 'The feature matrix',
    expected: `finite values up to ${LARGEST} in magnitude, or NaN for unknown ones`,
    found: `${value} in column ${column}`,
    remedy: 'mend the feature, or make the value NaN',
  });
}
