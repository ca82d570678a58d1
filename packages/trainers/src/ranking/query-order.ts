import type { FeatureMatrix } from '@risk-scoring/contract';
import { hashId } from './hash-id.ts';
import { LARGEST_QUERY, rowsByQuery } from './query-rows.ts';

/**
 * The order in which a data set for a ranker has its rows: by query, and within a query that has to be split by the hash of
 * the row's id. In this order the rows of a query, and of each part that {@link queryParts} makes of one, lie next to each other, in every subset, too.
 *
 * @param rows rows of the matrix, ascending
 * @throws {InvalidInputError} where a query is no code ≥ 0
 * @example
 * queryOrder(data, Int32Array.of(0, 1, 2)); // with queries 1, 0, 1: [1, 0, 2]
 */
export function queryOrder(data: FeatureMatrix, rows: Int32Array): Int32Array {
  const order = new Int32Array(rows.length);
  let at = 0;
  for (const query of rowsByQuery(data, rows)) {
    order.set(query.length > LARGEST_QUERY ? byHash(data, query) : query, at);
    at += query.length;
  }
  return order;
}

function byHash({ keys }: FeatureMatrix, rows: Int32Array): Int32Array {
  const hashes = Float64Array.from(rows, (row) => hashId(keys.ids[row] as string));
  return Int32Array.from(rows.keys())
    .sort((a, b) => (hashes[a] as number) - (hashes[b] as number) || a - b)
    .map((i) => rows[i] as number);
}
