import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from '../errors.ts';
import { figuresByDefinition } from '../testing/ranking-by-definition.ts';
import { meanAveragePrecision, ndcgAt, precisionAt, recallAt } from './at-k.ts';

const rows = fc.array(
  fc
    .record({
      relevance: fc.integer({ min: 0, max: 4 }),
      // Few distinct scores, -0 among them: ties abound.
      score: fc.constantFrom(-1, -0, 0, 0.5, 2),
    })
    .map((row) => ({ ...row, label: row.relevance > 0 ? 1 : 0 })),
  { minLength: 1, maxLength: 30 },
);
const cutOff = fc.integer({ min: 1, max: 40 });

const close = (value: number | null) => (value === null ? null : expect.closeTo(value, 12));

describe('ranking metrics at k', () => {
  it('agree with their definitions: ties by row order, k beyond the rows, nothing relevant', () => {
    fc.assert(
      fc.property(rows, cutOff, (all, k) => {
        const labels = Int8Array.from(all, (row) => row.label);
        const scores = Float64Array.from(all, (row) => row.score);
        const relevance = Uint8Array.from(all, (row) => row.relevance);
        const expected = figuresByDefinition(all, k);
        expect(precisionAt(labels, scores, k)).toEqual(close(expected.precision));
        expect(recallAt(labels, scores, k)).toEqual(close(expected.recall));
        expect(ndcgAt(relevance, scores, k)).toEqual(close(expected.ndcg));
        expect(ndcgAt(relevance, Float32Array.from(scores), k)).toEqual(close(expected.ndcg));
        expect(meanAveragePrecision(labels, scores)).toEqual(close(expected.averagePrecision));
      }),
      { numRuns: 300 },
    );
  });

  it('give MAP 0.41666… in the example of scikit-learn’s label_ranking_average_precision_score documentation', () => {
    // Ranking the labels of a sample is ranking the rows of a query: without ties the two are one.
    const labels = Int8Array.of(1, 0, 0, 0, 0, 1);
    const scores = Float64Array.of(0.75, 0.5, 1, 1, 0.2, 0.1);
    const map = meanAveragePrecision(labels, scores, Int32Array.of(0, 0, 0, 1, 1, 1));
    expect(map).toBeCloseTo(0.41666666666666663, 15);
  });

  it('give the mean of two average precisions worked out by hand', () => {
    // Positives at ranks 1, 3, 6 and at 2, 4; by hand (1 + 2/3 + 3/6) / 3 and (1/2 + 2/4) / 2.
    const labels = Int8Array.of(1, 0, 1, 0, 0, 1, 0, 1, 0, 1);
    const scores = Float64Array.of(9, 8, 7, 6, 5, 4, 9, 8, 7, 6);
    const queryIds = Int32Array.of(5, 5, 5, 5, 5, 5, 2, 2, 2, 2);
    expect(meanAveragePrecision(labels, scores, queryIds)).toBeCloseTo(
      ((1 + 2 / 3 + 1 / 2) / 3 + 1 / 2) / 2,
      15,
    );
  });

  it('give NDCG 0.94881 for relevance 3 2 3 0 1 2, worked out by hand', () => {
    // Published examples of this list take linear gains. DCG: 7/1 + 3/log2 3 + 7/2 + 0 + 1/log2 6 + 3/log2 7 = 13.848…; best (3 3 2 2 1 0): 14.595….
    const value = ndcgAt(Uint8Array.of(3, 2, 3, 0, 1, 2), Float64Array.of(6, 5, 4, 3, 2, 1), 6);
    expect(value).toBeCloseTo(0.94881, 5);
  });

  it('count a query for nothing in MAP when it has no positive row', () => {
    const labels = Int8Array.of(1, 0, 0);
    expect(meanAveragePrecision(labels, Float64Array.of(2, 1, 0), Int32Array.of(0, 0, 1))).toBe(1);
    expect(meanAveragePrecision(new Int8Array(3), new Float64Array(3), Int32Array.of(0, 0, 1))).toBeNull();
  });

  it('refuse what cannot be ranked', () => {
    const labels = Int8Array.of(0, 1);
    const scores = Float64Array.of(0, 1);
    for (const k of [0, -1, 1.5, Number.NaN, Infinity]) {
      expect(() => ndcgAt(labels, scores, k)).toThrow(InvalidInputError);
      expect(() => precisionAt(labels, scores, k)).toThrow(InvalidInputError);
    }
    expect(() => recallAt(labels, Float64Array.of(0, Number.NaN), 1)).toThrow(InvalidScoredRowsError);
    expect(() => ndcgAt(Int8Array.of(0, -1), scores, 1)).toThrow(/relevance of row 1/);
    expect(() => ndcgAt(labels, scores.subarray(1), 1)).toThrow(InvalidScoredRowsError);
    expect(() => meanAveragePrecision(labels, scores, Int32Array.of(0))).toThrow(/queries are not aligned/);
  });
});
