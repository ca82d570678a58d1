import { LightGBMDataError } from './errors.ts';

/** Numbers of many rows, column-major: `values[column * rows + row]`. NaN means unknown. */
export interface ColumnMatrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

const LARGEST_INT32 = 2 ** 31 - 1;

/** @throws {LightGBMDataError} where the lengths do not fit together, or rows, columns or cells are more than LightGBM counts (2^31 - 1) */
export function assertColumnMatrix({ values, rows, columns }: ColumnMatrix): void {
  const isCount = (count: number) => Number.isInteger(count) && count >= 1 && count <= LARGEST_INT32;
  if (!isCount(rows) || !isCount(columns)) {
    throw new LightGBMDataError({
      what: 'The matrix',
      expected: `rows and columns from 1 to ${LARGEST_INT32}`,
      found: `${rows} rows and ${columns} columns`,
    });
  }
  if (rows * columns > LARGEST_INT32) {
    throw new LightGBMDataError({
      what: 'The matrix',
      expected: `at most ${LARGEST_INT32} values`,
      found: `${rows} rows × ${columns} columns = ${rows * columns} values`,
    });
  }
  if (values.length !== rows * columns) {
    throw new LightGBMDataError({
      what: 'The matrix',
      expected: `${rows} rows × ${columns} columns = ${rows * columns} values`,
      found: `${values.length} values`,
    });
  }
}

/** @throws {LightGBMDataError} where a row number is outside of 0 … rows - 1 */
export function assertRowNumbers(what: string, numbers: Int32Array, rows: number): void {
  for (let i = 0; i < numbers.length; i++) {
    const row = numbers[i] as number;
    if (row < 0 || row >= rows) {
      throw new LightGBMDataError({
        what,
        expected: `row numbers from 0 to ${rows - 1}`,
        found: `${row} at position ${i}`,
      });
    }
  }
}

/** Whether the numbers are strictly ascending. */
export function isAscending(numbers: Int32Array): boolean {
  return numbers.every((row, i) => i === 0 || row > (numbers[i - 1] as number));
}

/** @throws {LightGBMDataError} where the numbers are none, out of range or one stands twice; their order is free */
export function assertDistinctRows(what: string, numbers: Int32Array, rows: number): void {
  if (numbers.length === 0) {
    throw new LightGBMDataError({ what, expected: 'at least one row', found: 'none' });
  }
  assertRowNumbers(what, numbers, rows);
  const seen = new Uint8Array(rows);
  for (const row of numbers) {
    if (seen[row] === 1) {
      throw new LightGBMDataError({ what, expected: 'row numbers, each once', found: `${row} twice` });
    }
    seen[row] = 1;
  }
}

/** @throws {LightGBMDataError} where the numbers are none, out of range or not strictly ascending */
export function assertAscendingRows(what: string, numbers: Int32Array, rows: number): void {
  assertOrder(what, numbers, { rows, leastStep: 1, expected: 'row numbers in ascending order, each once' });
}

/** @throws {LightGBMDataError} where the numbers are none, out of range or not ascending; one may stand several times */
export function assertSortedRows(what: string, numbers: Int32Array, rows: number): void {
  assertOrder(what, numbers, { rows, leastStep: 0, expected: 'row numbers in ascending order' });
}

function assertOrder(
  what: string,
  numbers: Int32Array,
  { rows, leastStep, expected }: { rows: number; leastStep: number; expected: string },
): void {
  if (numbers.length === 0) {
    throw new LightGBMDataError({ what, expected: 'at least one row', found: 'none' });
  }
  assertRowNumbers(what, numbers, rows);
  for (let i = 1; i < numbers.length; i++) {
    const before = numbers[i - 1] as number;
    const row = numbers[i] as number;
    if (row - before < leastStep) {
      const found = `${row} after ${before} at position ${i}`;
      throw new LightGBMDataError({ what, expected, found });
    }
  }
}

/** Copies some rows, in the order given, into `target`, which is column-major with `numbers.length` rows. */
export function gatherRows(matrix: ColumnMatrix, numbers: Int32Array, target: Float32Array): void {
  const { values, rows, columns } = matrix;
  const count = numbers.length;
  for (let column = 0; column < columns; column++) {
    const from = column * rows;
    const to = column * count;
    for (let i = 0; i < count; i++) {
      target[to + i] = values[from + (numbers[i] as number)] as number;
    }
  }
}

/** Copies the rows `start` … `end - 1` into `target`, which is column-major with `end - start` rows. */
export function copyRowRange(
  matrix: ColumnMatrix,
  { start, end }: { start: number; end: number },
  target: Float32Array,
): void {
  const { values, rows, columns } = matrix;
  for (let column = 0; column < columns; column++) {
    const from = column * rows;
    target.set(values.subarray(from + start, from + end), column * (end - start));
  }
}
