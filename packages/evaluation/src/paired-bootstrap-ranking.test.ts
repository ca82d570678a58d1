import { createRandom, InvalidInputError, SingleClassError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError, TooFewGroupsError } from './errors.ts';
import { evaluateRanking } from './evaluate-ranking.ts';
import { pairedRankingBootstrap } from './paired-bootstrap-ranking.ts';
import { figuresByDefinition } from './testing/ranking-by-definition.ts';
import { writeOutDraw } from './testing/written-out.ts';

const ks = [3, 10];

/** Addresses that stand in every query, scored by two scorers that agree in part; the second tells the suspicious ones better. */
function pairOf({ queries = 3, addresses = 80, better = 0.5, seed = 1 } = {}) {
  const random = createRandom(seed, 'two rankers');
  const rows = queries * addresses;
  const labelOf = Int8Array.from({ length: addresses }, () => (random.next() < 0.2 ? 1 : 0));
  const pair = {
    labels: Int8Array.from({ length: rows }, (_, row) => labelOf[row % addresses]),
    relevance: Uint8Array.from({ length: rows }, (_, row) => labelOf[row % addresses] * (1 + (row % 3))),
    queryIds: Int32Array.from({ length: rows }, (_, row) => 7 * Math.floor(row / addresses)),
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row % addresses),
    first: new Float64Array(rows),
    second: new Float64Array(rows),
  };
  for (let row = 0; row < rows; row++) {
    const shared = random.normal();
    pair.first[row] = shared + random.normal() + pair.labels[row];
    pair.second[row] = shared + random.normal() + pair.labels[row] * (1 + better);
  }
  return pair;
}

type Pair = ReturnType<typeof pairOf>;

/** The mean of NDCG@3 and of the average precision over queries with a positive row, each straight from its definition. */
function byDefinition({ labels, relevance, queryIds }: Pair, scores: Float64Array, rows: readonly number[]) {
  const queries = [...new Set(rows.map((row) => queryIds[row]))].map((query) =>
    figuresByDefinition(
      rows
        .filter((row) => queryIds[row] === query)
        .map((row) => ({ label: labels[row], relevance: relevance[row], score: scores[row] })),
      3,
    ),
  );
  const judged = queries.filter(({ averagePrecision }) => averagePrecision !== null);
  const mean = (figure: 'ndcg' | 'averagePrecision') =>
    judged.reduce((sum, query) => sum + (query[figure] ?? Number.NaN), 0) / judged.length;
  return { ndcg: mean('ndcg'), map: mean('averagePrecision') };
}

describe('pairedRankingBootstrap', () => {
  it('says by how much figures differ that each scorer has by itself', () => {
    const { first, second, ...rows } = pairOf();
    const { ndcg, map, precision_at_k, recall_at_k } = pairedRankingBootstrap({
      ...rows,
      first,
      second,
      ks,
      seed: 1,
    });
    const [one, other] = [first, second].map((scores) =>
      evaluateRanking({ ...rows, scores, ks, seed: 1, resamples: 0 }),
    );
    for (const k of ['3', '10']) {
      expect(ndcg[k].difference).toBeCloseTo(other.ndcg[k] - one.ndcg[k], 12);
      expect(precision_at_k[k].difference).toBeCloseTo(other.precision_at_k[k] - one.precision_at_k[k], 12);
      expect(recall_at_k[k].difference).toBeCloseTo(other.recall_at_k[k] - one.recall_at_k[k], 12);
    }
    expect(map.difference).toBeCloseTo(other.map - one.map, 12);
    expect(map.interval[0]).toBeLessThan(map.difference);
    expect(map.interval[1]).toBeGreaterThan(map.difference);
  });

  it('draws as if the drawn groups’ rows were written out and both scorers judged anew, by definition', () => {
    // Few addresses, so that one is often drawn several times and a query may be left without a positive row.
    const pair = pairOf({ addresses: 12, seed: 5 });
    const { ndcg, map, redrawn } = pairedRankingBootstrap({ ...pair, ks, seed: 9, resamples: 1 });
    const rows = writeOutDraw(pair.splitGroups, { seed: 9, stream: 'paired ranking bootstrap', redrawn });
    const [one, other] = [byDefinition(pair, pair.first, rows), byDefinition(pair, pair.second, rows)];
    expect(ndcg['3'].interval[0]).toBeCloseTo(other.ndcg - one.ndcg, 12);
    expect(map.interval[0]).toBeCloseTo(other.map - one.map, 12);
    expect(map.interval[1]).toBe(map.interval[0]);
  });

  it('has intervals that hold the true difference as often as they say', () => {
    // Of 60 pairs of equally good scorers the 90 % interval misses 0 six times; 14 or more by chance once in a thousand (binomial).
    let missed = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const pair = pairOf({ queries: 1, addresses: 150, better: 0, seed });
      const [low, high] = pairedRankingBootstrap({ ...pair, ks, seed, resamples: 200, level: 0.9 }).map
        .interval;
      if (low > 0 || high < 0) missed += 1;
    }
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThan(14);
  });

  it('says 0 of scorers that order every query alike, and turns round when they change places', () => {
    const pair = pairOf({ seed: 3 });
    const same = pairedRankingBootstrap({
      ...pair,
      second: pair.first.map((score) => 2 * score - 1),
      seed: 1,
    });
    expect(same.ndcg['10']).toEqual({
      difference: 0,
      interval: [0, 0],
      standard_deviation: 0,
      share_better: 0,
    });
    const there = pairedRankingBootstrap({ ...pair, seed: 1 }).map;
    const back = pairedRankingBootstrap({ ...pair, first: pair.second, second: pair.first, seed: 1 }).map;
    expect(back.difference).toBe(-there.difference);
    expect(back.interval[0]).toBeCloseTo(-there.interval[1], 12);
    expect(there.share_better + back.share_better).toBeLessThanOrEqual(1);
  });

  it('refuses what cannot be compared', () => {
    const request = { ...pairOf({ addresses: 20 }), seed: 1 };
    const refused = (change: Partial<typeof request> & { ks?: number[]; resamples?: number }) =>
      expect(() => pairedRankingBootstrap({ ...request, ...change }));
    refused({ labels: new Int8Array(60) }).toThrow(SingleClassError);
    refused({ splitGroups: new Int32Array(60) }).toThrow(TooFewGroupsError);
    refused({ queryIds: new Int32Array(59) }).toThrow(InvalidScoredRowsError);
    refused({ relevance: new Uint8Array(59) }).toThrow(/relevance are not aligned/);
    refused({ relevance: new Uint8Array(60) }).toThrow(/relevance of row/);
    refused({ second: request.second.slice(1) }).toThrow(InvalidScoredRowsError);
    refused({ first: new Float64Array(60).fill(Number.NaN) }).toThrow(InvalidScoredRowsError);
    refused({ ks: [0] }).toThrow(InvalidInputError);
    refused({ resamples: 0 }).toThrow(InvalidInputError);
  });
});
