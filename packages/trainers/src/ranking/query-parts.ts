import { type FeatureMatrix, InvalidInputError } from '@risk-scoring/contract';
import { hashId } from './hash-id.ts';
import { LARGEST_QUERY, rowsByQuery } from './query-rows.ts';

/**
 * The queries as LightGBM can take them: one of more than 10,000 rows is split into parts, which are queries of their own. The part of a row follows
 * from the hash of its id and the number of parts alone: equal ranges of the hash. There are as many parts as the limit asks for, and more where one would
 * still be too large.
 *
 * @param parts rows of the matrix that are ranked apart from each other, such as those to train with and those to stop by; without overlap
 * @returns a code per row of the matrix, 0 for rows of no part; codes ascend with the order of {@link queryOrder} within each part
 * @throws {InvalidInputError} where rows of one query have the same id, so that no hash tells them apart
 * @example
 * const queryIds = queryParts(data, [trainRows, validationRows]);
 */
export function queryParts(data: FeatureMatrix, parts: readonly Int32Array[]): Int32Array {
  const codes = new Int32Array(data.rows);
  for (const rows of parts) {
    let first = 0;
    for (const query of rowsByQuery(data, rows)) {
      first +=
        query.length > LARGEST_QUERY ? split(data, query, { codes, first }) : whole(query, codes, first);
    }
  }
  return codes;
}

function whole(rows: Int32Array, codes: Int32Array, code: number): number {
  for (const row of rows) codes[row] = code;
  return 1;
}

/** Writes the codes of a query's parts and returns how many there are. */
function split(
  { keys }: FeatureMatrix,
  rows: Int32Array,
  { codes, first }: { codes: Int32Array; first: number },
): number {
  const places = Float64Array.from(rows, (row) => hashId(keys.ids[row] as string) / 2 ** 32);
  const fewest = Math.ceil(rows.length / LARGEST_QUERY);
  // Hashes of different ids spread evenly: twice the parts are half as large, and far from the limit.
  for (let count = fewest; count <= 2 * fewest; count++) {
    const sizes = new Int32Array(count);
    for (const place of places)
      sizes[Math.floor(place * count)] = (sizes[Math.floor(place * count)] ?? 0) + 1;
    if (sizes.some((size) => size > LARGEST_QUERY)) continue;
    for (const [i, row] of rows.entries()) codes[row] = first + Math.floor((places[i] as number) * count);
    return count;
  }
  throw new InvalidInputError({
    what: `The ids of a query of ${rows.length} rows`,
    expected: `ids that differ, so that it can be split into parts of at most ${LARGEST_QUERY} rows`,
    found: `more than ${LARGEST_QUERY} rows whose ids are the same or have nearly the same hash`,
  });
}
