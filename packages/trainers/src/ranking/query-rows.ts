import { type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';

/** LightGBM refuses a query of more rows (`DCGCalculator::kMaxPosition`). */
export const LARGEST_QUERY = 10_000;

/**
 * The rows of each query, by ascending query; within a query in the order given.
 *
 * @throws {InvalidInputError} where there is not one query per row of the matrix, or a query is no code ≥ 0
 * @example
 * rowsByQuery(data, Int32Array.of(0, 1, 2)); // with queries 1, 0, 1: [[1], [0, 2]]
 */
export function rowsByQuery({ queryIds, rows: length }: FeatureMatrix, rows: Int32Array): Int32Array[] {
  if (queryIds.length !== length) {
    throw new InvalidInputError({
      what: 'The list of queries',
      expected: `${length} codes, one per row of the matrix`,
      found: `${queryIds.length} codes`,
    });
  }
  const sizes = new Map<number, number>();
  for (const row of rows) {
    const query = queryIds[row] as number;
    if (query < 0) {
      throw new InvalidInputError({
        what: 'The query of a row',
        expected: 'a code from 0',
        found: `${query} in row ${row}`,
      });
    }
    sizes.set(query, (sizes.get(query) ?? 0) + 1);
  }
  const queries = new Map(
    [...sizes].sort(([a], [b]) => a - b).map(([query, size]) => [query, new Int32Array(size)] as const),
  );
  const filled = new Map<number, number>();
  for (const row of rows) {
    const query = queryIds[row] as number;
    const at = filled.get(query) ?? 0;
    (queries.get(query) as Int32Array)[at] = row;
    filled.set(query, at + 1);
  }
  return [...queries.values()];
}
