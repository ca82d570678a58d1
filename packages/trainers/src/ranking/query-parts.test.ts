import { createRandom, type FeatureMatrix } from '@risk-scoring/contract';
import { makeFeatureMatrix } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { queryOrder } from './query-order.ts';
import { queryParts } from './query-parts.ts';
import { LARGEST_QUERY } from './query-rows.ts';

const small = makeFeatureMatrix(1, { rows: 30 }).data;

function matrix(queryIds: Int32Array, ids?: readonly string[]): FeatureMatrix {
  const rows = queryIds.length;
  return {
    ...small,
    rows,
    queryIds,
    keys: {
      processingDates: new Int32Array(rows),
      ids: ids ?? Array.from({ length: rows }, (_, row) => `alert-${row}`),
    },
  };
}

const all = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row);

/** How many rows have each code. */
function sizes(codes: Int32Array, rows: Int32Array): number[] {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(codes[row] ?? -1, (counts.get(codes[row] ?? -1) ?? 0) + 1);
  return [...counts.values()];
}

/** How often the code changes from one row of a list to the next, and how many codes there are. */
function runsAndCodes(codes: Int32Array, rows: Int32Array) {
  const list = Array.from(rows, (row) => codes[row]);
  return { runs: list.filter((code, i) => code !== list[i - 1]).length, codes: new Set(list).size };
}

describe('queryOrder', () => {
  it('puts rows of one query next to each other, otherwise in the order of the matrix', () => {
    const random = createRandom(5, 'queries');
    for (let round = 0; round < 50; round++) {
      const queries = Array.from({ length: 1 + random.integer(40) }, () => random.integer(6));
      const data = matrix(Int32Array.from(queries));
      const expected = queries.map((query, row) => ({ query, row }));
      expected.sort((a, b) => a.query - b.query || a.row - b.row);
      expect(Array.from(queryOrder(data, all(queries.length)))).toEqual(expected.map(({ row }) => row));
    }
  });

  it('refuses queries that are no codes, and too few of them', () => {
    expect(() => queryOrder(matrix(Int32Array.of(0, -1)), all(2))).toThrow(/-1 in row 1/);
    expect(() => queryOrder({ ...small, queryIds: new Int32Array(3) }, all(2))).toThrow(/3 codes/);
  });
});

describe('queryParts', () => {
  // Queries 0 and 2 are small, every second row is of query 1.
  const rows = 2 * LARGEST_QUERY + 5000;
  const data = matrix(Int32Array.from({ length: rows }, (_, row) => (row % 2 === 1 ? 1 : row % 4)));

  it('leaves queries of up to 10,000 rows whole', () => {
    const exact = matrix(Int32Array.from({ length: LARGEST_QUERY + 3 }, (_, row) => (row < 3 ? 7 : 2)));
    const codes = queryParts(exact, [all(exact.rows)]);
    expect(sizes(codes, all(exact.rows)).sort((a, b) => a - b)).toEqual([3, LARGEST_QUERY]);
  });

  it('splits larger ones into parts that lie next to each other in the order of the data set, and in its subsets', () => {
    const codes = queryParts(data, [all(rows)]);
    const found = sizes(codes, all(rows));
    expect(found).toHaveLength(4);
    expect(Math.max(...found)).toBeLessThanOrEqual(LARGEST_QUERY);
    const order = queryOrder(data, all(rows));
    expect(runsAndCodes(codes, order)).toEqual({ runs: 4, codes: 4 });

    const half = all(rows).filter((row) => row % 5 > 0);
    const ofHalf = queryParts(data, [half]);
    const inOrder = order.filter((row) => row % 5 > 0);
    expect(runsAndCodes(ofHalf, inOrder).runs).toBe(runsAndCodes(ofHalf, inOrder).codes);
  });

  it('makes more parts where one would still be too large', () => {
    const twice = matrix(new Int32Array(2 * LARGEST_QUERY));
    const found = sizes(queryParts(twice, [all(twice.rows)]), all(twice.rows));
    expect(found).toHaveLength(3);
    expect(Math.max(...found)).toBeLessThanOrEqual(LARGEST_QUERY);
  });

  it('decides by the id and the number of parts alone, whatever the other rows and their order are', () => {
    const count = LARGEST_QUERY + 2000;
    const codes = queryParts(matrix(new Int32Array(count)), [all(count)]);
    const ids = Array.from({ length: count }, (_, row) => `alert-${count - 1 - row}`);
    const reversed = queryParts(matrix(new Int32Array(count), ids), [all(count)]);
    expect(Array.from(reversed)).toEqual(Array.from(codes).reverse());
    const fewer = all(count).filter((row) => row % 50 > 0);
    const ofFewer = queryParts(matrix(new Int32Array(count)), [fewer]);
    expect(Array.from(fewer, (row) => ofFewer[row])).toEqual(Array.from(fewer, (row) => codes[row]));
  });

  it('splits training and validation rows apart from each other', () => {
    const train = all(rows).filter((row) => row % 10 > 0);
    const validation = all(rows).filter((row) => row % 10 === 0);
    const codes = queryParts(data, [train, validation]);
    expect(sizes(codes, train)).toHaveLength(4);
    expect(sizes(codes, validation)).toHaveLength(2);
  });

  it('refuses what no hash can split', () => {
    const count = LARGEST_QUERY + 1;
    const same = matrix(new Int32Array(count), new Array<string>(count).fill('the same'));
    expect(() => queryParts(same, [all(count)])).toThrow(/ids are the same/);
  });
});
