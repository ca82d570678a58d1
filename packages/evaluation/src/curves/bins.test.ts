import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from '../errors.ts';
import { scoreHistogram } from './score-histogram.ts';
import { wilsonInterval } from './wilson-interval.ts';

describe('scoreHistogram', () => {
  const edges = [0, 0.1, 0.5, 1];

  it('puts an edge into the bin above it, and the last one into the last bin', () => {
    const histogram = scoreHistogram({
      labels: Int8Array.of(0, 1, 0, 1, 1, 0),
      scores: Float64Array.of(0, 0.1, 0.0999, 0.5, 1, 0.3),
      edges,
    });
    expect(histogram).toEqual({ edges, positives: [0, 1, 2], negatives: [2, 1, 0] });
  });

  it('counts every row once, where a plain search of its bin says', () => {
    const rows = fc.array(
      fc.record({
        label: fc.constantFrom(0, 1),
        score: fc.oneof(fc.constantFrom(...edges), fc.double({ min: 0, max: 1, noNaN: true })),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(rows, (some) => {
        const { positives, negatives } = scoreHistogram({
          labels: Int8Array.from(some, ({ label }) => label),
          scores: Float64Array.from(some, ({ score }) => score),
          edges,
        });
        const plain = [0, 1].map((label) =>
          edges
            .slice(1)
            .map(
              (upper, bin) =>
                some.filter(
                  (row) =>
                    row.label === label &&
                    row.score >= edges[bin] &&
                    (row.score < upper || (upper === 1 && row.score === 1)),
                ).length,
            ),
        );
        expect([negatives, positives]).toEqual(plain);
      }),
    );
  });

  it('refuses a score outside all bins, and edges that do not ascend', () => {
    const one = { labels: Int8Array.of(1), scores: Float64Array.of(1.5) };
    expect(() => scoreHistogram({ ...one, edges })).toThrow(InvalidScoredRowsError);
    for (const wrong of [[], [0], [0, 0], [1, 0], [0, Number.NaN]]) {
      expect(() => scoreHistogram({ ...one, edges: wrong })).toThrow(InvalidInputError);
    }
  });
});

describe('wilsonInterval', () => {
  it('gives the published figures', () => {
    // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I, method 3.
    const published: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ];
    for (const [positives, rows, low, high] of published) {
      const interval = wilsonInterval(positives, rows);
      expect(interval[0]).toBeCloseTo(low, 4);
      expect(interval[1]).toBeCloseTo(high, 4);
    }
  });

  it('has ends that are z standard errors from the share, by the level', () => {
    // Two-sided points of the normal distribution, from tables.
    const points = new Map([
      [0.5, 0.674489750196],
      [0.9, 1.644853626951],
      [0.95, 1.95996398454],
      [0.99, 2.575829303549],
      [0.999, 3.290526731492],
    ]);
    for (const [level, z] of points) {
      const [low, high] = wilsonInterval(30, 100, level);
      expect((0.3 - low) / Math.sqrt((low * (1 - low)) / 100)).toBeCloseTo(z, 9);
      expect((high - 0.3) / Math.sqrt((high * (1 - high)) / 100)).toBeCloseTo(z, 9);
    }
  });

  it('holds the share, stays within 0..1 and is the mirror image of the other class', () => {
    const counts = fc
      .integer({ min: 1, max: 100_000 })
      .chain((rows) => fc.tuple(fc.integer({ min: 0, max: rows }), fc.constant(rows)));
    fc.assert(
      fc.property(counts, fc.double({ min: 0.01, max: 0.9999, noNaN: true }), ([positives, rows], level) => {
        const [low, high] = wilsonInterval(positives, rows, level);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(positives / rows);
        expect(high).toBeGreaterThanOrEqual(positives / rows);
        expect(wilsonInterval(rows - positives, rows, level)[0]).toBeCloseTo(1 - high, 12);
      }),
    );
  });

  it('refuses counts and levels that cannot be meant', () => {
    for (const [positives, rows] of [
      [1, 0],
      [3, 2],
      [-1, 2],
      [0.5, 2],
    ] as const)
      expect(() => wilsonInterval(positives, rows)).toThrow(InvalidInputError);
    for (const level of [0, 1, Number.NaN])
      expect(() => wilsonInterval(1, 2, level)).toThrow(InvalidInputError);
  });
});
