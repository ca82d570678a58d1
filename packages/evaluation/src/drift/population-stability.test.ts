import { createRandom, InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Distribution, distributionOf } from './distribution.ts';
import { effectiveRows, populationStability, stabilityByChance } from './population-stability.ts';

/** A distribution of given shares, the last one of which is missing values. */
function of(...parts: number[]): Distribution {
  const shares = parts.slice(0, -1);
  return { edges: shares.slice(1).map((_, i) => i), shares, missing: parts.at(-1) ?? 0 };
}

const parts = fc
  .array(fc.integer({ min: 0, max: 50 }), { minLength: 5, maxLength: 5 })
  .filter((counts) => counts.some((count) => count > 0))
  .map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return of(...counts.map((count) => count / total));
  });

describe('populationStability', () => {
  it('is the sum that stands in its definition', () => {
    // 0.1 · ln 1.2 + 0 · ln 1 + (−0.1) · ln 0.75 = 0.0182322 + 0.0287682, and 0.2 · ln 2 + (−0.2) · ln(2/3) = 0.2197225, with a pocket calculator.
    expect(populationStability(of(0.5, 0.1, 0.4, 0), of(0.6, 0.1, 0.3, 0))).toBeCloseTo(0.0470004, 7);
    expect(populationStability(of(0.2, 0.6, 0.2), of(0.4, 0.4, 0.2))).toBeCloseTo(0.2197225, 7);
  });

  it('counts missing values as a bin', () => {
    // (0.7 − 0.9) · ln(7/9) + (0.3 − 0.1) · ln 3 = 0.0502629 + 0.2197225
    expect(populationStability(of(0.9, 0.1), of(0.7, 0.3))).toBeCloseTo(0.2699853, 6);
  });

  it('raises empty bins to one row in 10,000, or to half a row of few', () => {
    // (0.1 − 0.0001) · ln 1000 + 0.1 · ln(1/0.9)
    const [before, after] = [of(0.9, 0.1, 0), of(1, 0, 0)];
    expect(populationStability(before, after)).toBeCloseTo(
      0.0999 * Math.log(1000) + 0.1 * Math.log(1 / 0.9),
      12,
    );
    // Half of 50 rows is 0.01: (0.1 − 0.01) · ln 10 + 0.1 · ln(1/0.9)
    expect(populationStability(before, after, { rows: 50 })).toBeCloseTo(
      0.09 * Math.log(10) + 0.1 * Math.log(1 / 0.9),
      12,
    );
  });

  it('is never negative, 0 between equals, and the same either way round', () => {
    fc.assert(
      fc.property(parts, parts, fc.integer({ min: 1, max: 1000 }), (one, two, rows) => {
        const psi = populationStability(one, two, { rows });
        expect(psi).toBeGreaterThanOrEqual(0);
        expect(psi).toBeCloseTo(populationStability(two, one, { rows }), 12);
        expect(populationStability(one, one, { rows })).toBe(0);
      }),
    );
  });

  it('refuses other edges and distributions of nothing', () => {
    const one = distributionOf(Float32Array.of(1, 2, 3));
    expect(() => populationStability(one, distributionOf(Float32Array.of(1, 2, 4)))).toThrow(
      InvalidInputError,
    );
    const nothing = distributionOf(new Float32Array(0), { edges: one.edges });
    expect(() => populationStability(one, nothing)).toThrow('no rows');
  });
});

describe('stabilityByChance', () => {
  it('is χ² over the rows, with the figures of printed tables', () => {
    // 99.9 % points of χ² (Abramowitz and Stegun 1964, table 26.8): 10.828 (1), 27.877 (9), 29.588 (10).
    const rows = { referenceRows: 2000, currentRows: 2000 };
    const bins = (count: number) => of(...new Array(count).fill(1 / count), 0);
    expect(1000 * stabilityByChance(bins(2), rows)).toBeGreaterThan(10.828);
    expect(1000 * stabilityByChance(bins(2), rows)).toBeLessThan(10.828 * 1.031);
    expect(1000 * stabilityByChance(bins(10), rows)).toBeCloseTo(27.877, 0);
    // 95 % point with 9 degrees of freedom: 16.919.
    expect(1000 * stabilityByChance(bins(10), { ...rows, level: 0.95 })).toBeCloseTo(16.919, 1);
  });

  it.each([60, 200, 1000])(
    'is exceeded about once in 1000 times by %i rows of an unchanged column',
    (rows) => {
      const random = createRandom(7, 'chance');
      const reference = distributionOf(Float64Array.from({ length: 20_000 }, () => random.normal()));
      const limit = stabilityByChance(reference, { referenceRows: 20_000, currentRows: rows });
      let over = 0;
      for (let draw = 0; draw < 2000; draw++) {
        const values = Float64Array.from({ length: rows }, () => random.normal());
        if (populationStability(reference, distributionOf(values, reference), { rows }) > limit) over++;
      }
      // The customary 0.25 alone would be exceeded by 15 % of the draws of 60 rows.
      expect(over / 2000).toBeLessThan(0.01);
    },
  );

  it('refuses to say anything of no rows', () => {
    expect(() => stabilityByChance(of(1, 0), { referenceRows: 5, currentRows: 0 })).toThrow(
      InvalidInputError,
    );
    expect(() => stabilityByChance(of(1, 0), { referenceRows: 5, currentRows: 5, level: 1 })).toThrow(
      InvalidInputError,
    );
  });
});

describe('effectiveRows', () => {
  it('is the number of groups where they are equal, and less where they are not', () => {
    expect(effectiveRows([])).toBe(0);
    expect(effectiveRows(['a', 'a', 'b', 'b', 'c', 'c'])).toBe(3);
    expect(effectiveRows([7, 7, 7, 8])).toBe(1.6);
  });
});
