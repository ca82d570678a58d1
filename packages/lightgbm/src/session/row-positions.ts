import { assertAscendingRows, assertSortedRows, isAscending } from '../column-matrix.ts';
import { LightGBMDataError } from '../errors.ts';

/** The rows of a matrix that a dataset was made of. */
export interface DatasetRows {
  /** Rows of the matrix. */
  readonly rows: number;
  /** Those that are in the dataset, each once and in its order; undefined for all. */
  readonly selection: Int32Array | undefined;
}

/**
 * Rows of the matrix in the order that they have in the dataset.
 *
 * @param wanted strictly ascending
 * @throws {LightGBMDataError} where the rows are not ascending, or one is not in the dataset
 * @example
 * inDatasetOrder('The rows', Int32Array.of(2, 9), { selection: Int32Array.of(9, 4, 2), rows: 10 }); // [9, 2]
 */
export function inDatasetOrder(
  what: string,
  wanted: Int32Array,
  { selection, rows }: DatasetRows,
): Int32Array {
  assertAscendingRows(what, wanted, rows);
  if (selection === undefined || isAscending(selection)) return wanted;
  const isWanted = new Uint8Array(rows);
  for (const row of wanted) isWanted[row] = 1;
  const found = selection.filter((row) => isWanted[row] === 1);
  if (found.length === wanted.length) return found;
  for (const row of found) isWanted[row] = 0;
  throw notInDataset(what, wanted.find((row) => isWanted[row] === 1) as number);
}

/**
 * Where rows of a matrix are within a selection of its rows; wanted rows may repeat. A subset of a dataset is taken by
 * positions in the dataset, while callers count rows of the matrix.
 *
 * @param wanted in the order of the dataset (see {@link inDatasetOrder})
 * @throws {LightGBMDataError} where a row is not in the selection, or not in its order
 * @example
 * rowPositions('The rows', Int32Array.of(4, 9), { selection: Int32Array.of(2, 4, 9), rows: 10 }); // [1, 2]
 */
export function rowPositions(what: string, wanted: Int32Array, { selection, rows }: DatasetRows): Int32Array {
  if (selection === undefined) {
    assertSortedRows(what, wanted, rows);
    return wanted;
  }
  const positions = new Int32Array(wanted.length);
  let position = 0;
  for (let i = 0; i < wanted.length; i++) {
    const row = wanted[i] as number;
    while (position < selection.length && selection[position] !== row) position += 1;
    if (position === selection.length) throw notInDataset(what, row);
    positions[i] = position;
  }
  return positions;
}

function notInDataset(what: string, row: number): LightGBMDataError {
  return new LightGBMDataError({ what, expected: 'rows that the dataset was made of', found: `row ${row}` });
}

/**
 * The sizes of the runs of equal numbers: what LightGBM calls groups, from the query of each row.
 *
 * @throws {LightGBMDataError} where a query comes up again after another one
 */
export function runLengths(what: string, queryIds: Int32Array): Int32Array {
  const sizes: number[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < queryIds.length; i++) {
    const query = queryIds[i] as number;
    if (i === 0 || query !== queryIds[i - 1]) {
      if (seen.has(query)) {
        throw new LightGBMDataError({
          what,
          expected: 'the rows of a query next to each other',
          found: `query ${query} in two places`,
        });
      }
      seen.add(query);
      sizes.push(0);
    }
    sizes[sizes.length - 1] = (sizes[sizes.length - 1] as number) + 1;
  }
  return Int32Array.from(sizes);
}
