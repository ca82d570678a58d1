import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenness, herfindahl, median, moments, percentileRanks, variation } from './statistics.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 });

describe('moments', () => {
  it('are those of a die: mean 3.5, variance 35/12, no skewness, kurtosis 303/175', () => {
    // A discrete uniform variable of n values: excess kurtosis −6/5 (n² + 1)/(n² − 1), so 3 − 6/5 · 37/35.
    const { mean, variance, skewness, kurtosis } = moments(Float64Array.of(1, 2, 3, 4, 5, 6));
    expect(mean).toBe(3.5);
    expect(variance).toBeCloseTo(35 / 12, 12);
    expect(skewness).toBeCloseTo(0, 12);
    expect(kurtosis).toBeCloseTo(303 / 175, 12);
  });

  it('of a Bernoulli variable with p = 0.2: skewness 1.5, kurtosis 3.25', () => {
    // Skewness (1 − 2p)/√(pq) and kurtosis 3 + (1 − 6pq)/(pq).
    const { skewness, kurtosis } = moments(Float64Array.of(1, 0, 0, 0, 0));
    expect(skewness).toBeCloseTo(1.5, 12);
    expect(kurtosis).toBeCloseTo(3.25, 12);
  });

  it('say nothing of numbers that do not vary', () => {
    expect(moments(Float64Array.of(0.1, 0.1, 0.1))).toMatchObject({ variance: 0, skewness: 0, kurtosis: 0 });
    expect(variation(Float64Array.of(7, 7))).toBe(0);
  });
});

describe('herfindahl and evenness', () => {
  it('stay within 0 and 1, and reach them', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const counts = Float64Array.from(values);
        for (const index of [herfindahl(counts), evenness(counts, counts.length)]) {
          expect(index).toBeGreaterThanOrEqual(0);
          expect(index).toBeLessThanOrEqual(1);
        }
      }),
    );
    expect(herfindahl(Float64Array.of(5, 0, 0))).toBe(1);
    expect(herfindahl(Float64Array.of(1, 1, 1, 1))).toBe(0.25);
    expect(evenness(Float64Array.of(1, 1, 1, 1), 4)).toBeCloseTo(1, 12);
    expect(evenness(Float64Array.of(5, 0, 0), 3)).toBe(0);
  });

  it('call two equal outcomes of four half even: log 2 / log 4', () => {
    expect(evenness(Float64Array.of(3, 3, 0, 0), 4)).toBeCloseTo(0.5, 12);
  });
});

describe('median', () => {
  it('leaves as many numbers below as above', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const ascending = Float64Array.from(values).sort();
        const middle = median(ascending);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });
});

describe('percentileRanks', () => {
  it('agree with counting who is below, equal ones counting half', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const ranks = percentileRanks(Float64Array.from(values));
        values.forEach((value, i) => {
          const below = values.filter((other) => other < value).length;
          const equal = values.filter((other) => other === value).length;
          expect(ranks[i]).toBeCloseTo((below + equal / 2) / values.length, 12);
        });
      }),
    );
  });
});
