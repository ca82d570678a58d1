import { assertSortedRows } from '../column-matrix.ts';
import { LightGBMDataError } from '../errors.ts';

/**
 * Where rows of a matrix are within a selection of its rows, which is strictly ascending; wanted rows may repeat. A subset of a dataset is taken by
 * positions in the dataset, while callers count rows of the matrix.
 *
 * @param selection the rows that the dataset was made of; undefined for all
 * @throws {LightGBMDataError} where a row is not in the selection, or the rows are not ascending
 * @example
 * rowPositions('The rows', Int32Array.of(4, 9), { selection: Int32Array.of(2, 4, 9), rows: 10 }); // [1, 2]
 */
export function rowPositions(
  what: string,
  wanted: Int32Array,
  { selection, rows }: { selection: Int32Array | undefined; rows: number },
): Int32Array {
  assertSortedRows(what, wanted, rows);
  if (selection === undefined) return wanted;
  const positions = new Int32Array(wanted.length);
  let position = 0;
  for (let i = 0; i < wanted.length; i++) {
    const row = wanted[i] as number;
    while (position < selection.length && (selection[position] as number) < row) position += 1;
    if (selection[position] !== row) {
      throw new LightGBMDataError({
        what,
        expected: 'rows that the dataset was made of',
        found: `row ${row}`,
      });
    }
    positions[i] = position;
  }
  return positions;
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
