import { createRandom, InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError, TooFewGroupsError } from './errors.ts';
import { evaluateRanking } from './evaluate-ranking.ts';
import { type DefinedRow, figuresByDefinition } from './testing/ranking-by-definition.ts';
import { writeOutDraw } from './testing/written-out.ts';

interface Row extends DefinedRow {
  readonly query: number;
  readonly group: number;
}

const ks = [1, 3, 10];
const row = fc
  .record({
    label: fc.constantFrom(0, 0, 1),
    extra: fc.integer({ min: 0, max: 2 }),
    score: fc.integer({ min: -2, max: 2 }).map((n) => n / 2),
    query: fc.constantFrom(3, 17, 20, 900),
    group: fc.integer({ min: 0, max: 6 }),
  })
  .map(({ extra, ...rest }) => ({ ...rest, relevance: rest.label + extra }));
const dataSet = fc
  .array(row, { minLength: 2, maxLength: 40 })
  .filter(
    (rows) => rows.some(({ label }) => label === 1) && new Set(rows.map(({ group }) => group)).size > 1,
  );

function columns(rows: readonly Row[]) {
  return {
    labels: Int8Array.from(rows, ({ label }) => label),
    relevance: Uint8Array.from(rows, ({ relevance }) => relevance),
    scores: Float64Array.from(rows, ({ score }) => score),
    queryIds: Int32Array.from(rows, ({ query }) => query),
    splitGroups: Int32Array.from(rows, ({ group }) => group),
  };
}

/** The means over queries with a positive row, by definition. */
function meansByDefinition(rows: readonly Row[]) {
  const queries = [...new Set(rows.map(({ query }) => query))].map((query) =>
    rows.filter((each) => each.query === query),
  );
  const judged = queries.filter((query) => query.some(({ label }) => label === 1));
  const mean = (figure: 'ndcg' | 'precision' | 'recall' | 'averagePrecision', k: number) =>
    judged.reduce((sum, query) => sum + (figuresByDefinition(query, k)[figure] ?? Number.NaN), 0) /
    judged.length;
  const byK = (figure: 'ndcg' | 'precision' | 'recall') =>
    Object.fromEntries(ks.map((k) => [k, mean(figure, k)]));
  return {
    queries: queries.length,
    without: queries.length - judged.length,
    figures: {
      ndcg: byK('ndcg'),
      map: mean('averagePrecision', 1),
      precision_at_k: byK('precision'),
      recall_at_k: byK('recall'),
    },
  };
}

/** Every number of some figures within 12 digits. */
const near = (figures: unknown): unknown => {
  if (typeof figures === 'number') return expect.closeTo(figures, 12);
  return Object.fromEntries(Object.entries(Object(figures)).map(([name, value]) => [name, near(value)]));
};

/** Snapshots in which suspicious addresses score higher by `distance` standard deviations. */
function snapshots({ queries, addresses, distance, seed }: Record<string, number>) {
  const random = createRandom(seed, 'snapshots');
  const rows: Row[] = [];
  for (let address = 0; address < addresses; address++) {
    const label = random.next() < 0.2 ? 1 : 0;
    const shared = random.normal();
    for (let query = 0; query < queries; query++) {
      const score = 0.8 * shared + 0.6 * random.normal() + label * distance;
      rows.push({ label, relevance: label, score, query, group: address });
    }
  }
  return columns(rows);
}

describe('evaluateRanking', () => {
  it('takes the mean over queries with positives, as defined', () => {
    fc.assert(
      fc.property(dataSet, (rows) => {
        const expected = meansByDefinition(rows);
        const quality = evaluateRanking({ ...columns(rows), ks, seed: 1, resamples: 0 });
        expect(quality).toMatchObject({
          queries: expected.queries,
          queries_without_positives: expected.without,
          rows: rows.length,
          groups: new Set(rows.map(({ group }) => group)).size,
          positives: rows.filter(({ label }) => label === 1).length,
          ks,
          intervals: null,
          bootstrap: null,
        });
        const { ndcg, map, precision_at_k, recall_at_k } = quality;
        expect({ ndcg, map, precision_at_k, recall_at_k }).toEqual(near(expected.figures));
      }),
      { numRuns: 300 },
    );
  });

  it('describes each query', () => {
    const rows: Row[] = [
      { label: 1, relevance: 2, score: 0.2, query: 20_000, group: 0 },
      { label: 0, relevance: 0, score: 0.9, query: 20_000, group: 1 },
      { label: 0, relevance: 0, score: 0.5, query: 19_999, group: 1 },
    ];
    expect(evaluateRanking({ ...columns(rows), ks: [1, 5], seed: 1, resamples: 0 }).per_query).toEqual([
      {
        query: 19_999,
        rows: 1,
        positives: 0,
        precision_at_k: { 1: 0, 5: 0 },
        recall_at_k: null,
        ndcg: null,
        average_precision: null,
      },
      {
        query: 20_000,
        rows: 2,
        positives: 1,
        precision_at_k: { 1: 0, 5: 0.5 },
        recall_at_k: { 1: 0, 5: 1 },
        ndcg: { 1: 0, 5: expect.closeTo(1 / Math.log2(3), 12) },
        average_precision: 0.5,
      },
    ]);
  });

  it('draws every figure as if the drawn addresses’ rows were written out and ranked anew', () => {
    fc.assert(
      fc.property(dataSet, fc.nat(), (rows, seed) => {
        const request = { ...columns(rows), ks, seed, resamples: 1 };
        const { intervals, bootstrap } = evaluateRanking(request);
        const redrawn = bootstrap?.redrawn ?? 0;
        const drawn = writeOutDraw(request.splitGroups, { seed, stream: 'ranking bootstrap', redrawn });
        const { figures } = meansByDefinition(drawn.flatMap((index) => rows.slice(index, index + 1)));
        // One resample: both ends of each interval are its value.
        const asInterval = (value: unknown): unknown =>
          typeof value === 'number'
            ? [expect.closeTo(value, 12), expect.closeTo(value, 12)]
            : Object.fromEntries(Object.entries(Object(value)).map(([k, each]) => [k, asInterval(each)]));
        expect(intervals).toEqual(asInterval(figures));
      }),
      { numRuns: 200 },
    );
  });

  it('holds the figures of a great population in about 95 % of its samples', () => {
    // MAP hardly depends on the number of rows, so that a great sample stands for the population.
    const options = { queries: 2, distance: 1.5 };
    const population = { ...snapshots({ ...options, addresses: 40_000, seed: 77 }), seed: 1, resamples: 0 };
    const truth = evaluateRanking(population).map;
    let held = 0;
    for (let seed = 0; seed < 200; seed++) {
      const sample = { ...snapshots({ ...options, addresses: 250, seed }), seed, resamples: 150 };
      const [low, high] = evaluateRanking(sample).intervals?.map ?? [Number.NaN, Number.NaN];
      if (low <= truth && truth <= high) held++;
    }
    // 200 samples: the standard error of a coverage of 0.95 is 0.015.
    expect(held / 200).toBeGreaterThan(0.88);
    expect(held / 200).toBeLessThan(0.995);
  });

  it('ranks a perfect order 1 and gives plain JSON, the same for one seed', () => {
    const rows = snapshots({ queries: 3, addresses: 60, distance: 100, seed: 3 });
    const quality = evaluateRanking({ ...rows, seed: 5, resamples: 30 });
    expect(quality).toMatchObject({ ndcg: { 10: 1, 50: 1, 100: 1 }, map: 1, recall_at_k: { 100: 1 } });
    expect(quality.intervals?.map).toEqual([1, 1]);
    expect(JSON.parse(JSON.stringify(quality))).toEqual(quality);
    expect(evaluateRanking({ ...rows, seed: 5, resamples: 30 })).toEqual(quality);
  });

  it('judges chosen rows, by rank scores where there are some', () => {
    const all = snapshots({ queries: 2, addresses: 30, distance: 1, seed: 9 });
    const rows = Int32Array.from(all.labels.keys()).filter((index) => index % 4 !== 0);
    const direct = {
      labels: Int8Array.from(rows, (index) => all.labels[index]),
      relevance: Uint8Array.from(rows, (index) => all.relevance[index]),
      scores: Float64Array.from(rows, (index) => all.scores[index]),
      queryIds: rows.map((index) => all.queryIds[index]),
      splitGroups: rows.map((index) => all.splitGroups[index]),
    };
    const expected = evaluateRanking({ ...direct, seed: 2, resamples: 20 });
    expect(evaluateRanking({ ...all, scores: direct.scores, rows, seed: 2, resamples: 20 })).toEqual(
      expected,
    );
    const scores = new Float64Array(rows.length);
    const byRankScores = { ...all, scores, rankScores: direct.scores, rows, seed: 2, resamples: 20 };
    expect(evaluateRanking(byRankScores)).toEqual(expected);
  });

  it('refuses what cannot be ranked', () => {
    const rows = { ...snapshots({ queries: 2, addresses: 30, distance: 1, seed: 1 }), seed: 1 };
    const none = { labels: new Int8Array(60), relevance: undefined };
    expect(() => evaluateRanking({ ...rows, ...none })).toThrow(SingleClassError);
    expect(() => evaluateRanking({ ...rows, relevance: new Uint8Array(60) })).toThrow(/relevance of row/);
    expect(() => evaluateRanking({ ...rows, relevance: new Uint8Array(3) })).toThrow(InvalidScoredRowsError);
    expect(() => evaluateRanking({ ...rows, queryIds: new Int32Array(3) })).toThrow(/too few query ids/);
    expect(() => evaluateRanking({ ...rows, rankScores: new Float64Array(3) })).toThrow(
      InvalidScoredRowsError,
    );
    expect(() => evaluateRanking({ ...rows, splitGroups: new Int32Array(60) })).toThrow(TooFewGroupsError);
    expect(() => evaluateRanking({ ...rows, ks: [] })).toThrow(InvalidInputError);
    expect(() => evaluateRanking({ ...rows, ks: [10, 0] })).toThrow(InvalidInputError);
    expect(() => evaluateRanking({ ...rows, resamples: 0.5 })).toThrow(InvalidInputError);
  });
});
