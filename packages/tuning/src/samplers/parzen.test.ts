import { createRandom } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalDistribution } from './normal-distribution.ts';
import { parzenDensity } from './parzen.ts';

/** Simpson's rule. */
function integrate(f: (x: number) => number, from: number, to: number, parts = 2000): number {
  const h = (to - from) / parts;
  let sum = f(from) + f(to);
  for (let i = 1; i < parts; i++) sum += f(from + i * h) * (i % 2 === 1 ? 4 : 2);
  return (sum * h) / 3;
}

/** The estimator as the paper words it: neighbours are searched, normal distributions integrated. Distinct places only. */
function plainDensity(places: readonly number[], from: number, to: number): (x: number) => number {
  const range = to - from;
  const kernels = places.map((center) => {
    const left = Math.max(from, ...places.filter((other) => other < center));
    const right = Math.min(to, ...places.filter((other) => other > center));
    const greater = Math.max(center - left, right - center);
    const width = Math.min(range, Math.max(range / Math.min(100, places.length + 1), greater));
    const normal = (x: number) => Math.exp(-(((x - center) / width) ** 2) / 2);
    const total = integrate(normal, from, to);
    return (x: number) => normal(x) / total;
  });
  return (x) => kernels.reduce((sum, kernel) => sum + kernel(x), 1 / range) / (places.length + 1);
}

const interval = fc
  .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 30 }))
  .map(([from, width]) => [from, from + width] as const);
const shares = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 12 });

describe('parzenDensity', () => {
  it('agrees with the definition, worked out plainly', () => {
    fc.assert(
      fc.property(interval, shares, ([from, to], found) => {
        const places = found.map((share) => from + (share / 1000) * (to - from));
        const estimate = parzenDensity(places, [from, to]);
        const plain = plainDensity(places, from, to);
        for (const share of [0, 0.1, 0.37, 0.5, 0.93, 1]) {
          const x = from + share * (to - from);
          expect(Math.abs(estimate.density(x) / plain(x) - 1)).toBeLessThan(1e-7);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('has masses that are the integrals of its density and sum to 1, equal places included', () => {
    fc.assert(
      fc.property(
        interval,
        fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 30 }),
        ([from, to], found) => {
          const estimate = parzenDensity(
            found.map((share) => from + (share / 20) * (to - from)),
            [from, to],
          );
          const middle = from + 0.3 * (to - from);
          expect(estimate.mass(from, to)).toBeCloseTo(1, 12);
          expect(estimate.mass(from, middle)).toBeCloseTo(integrate(estimate.density, from, middle), 7);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('draws as often as its masses say', () => {
    const estimate = parzenDensity([0.5, 0.55, 0.9, 3.7], [0, 4]);
    const random = createRandom(1, 'parzen');
    const bins = new Int32Array(16);
    for (let i = 0; i < 40_000; i++) bins[Math.floor(estimate.sample(random) * 4)] += 1;
    const chiSquare = bins.reduce((sum, count, bin) => {
      const expected = 40_000 * estimate.mass(bin / 4, (bin + 1) / 4);
      return sum + (count - expected) ** 2 / expected;
    }, 0);
    // Upper 0.0001 quantile of chi-square with 15 degrees of freedom, from published tables.
    expect(chiSquare).toBeLessThan(44.26);
  });
});

describe('normalDistribution', () => {
  it('gives published values', () => {
    // Abramowitz and Stegun (1964), table 26.1.
    expect(normalDistribution(0)).toBe(0.5);
    expect(normalDistribution(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalDistribution(2)).toBeCloseTo(0.977249868051821, 14);
    expect(normalDistribution(3)).toBeCloseTo(0.99865010196837, 14);
    expect(normalDistribution(-1)).toBeCloseTo(1 - 0.841344746068543, 14);
    expect(normalDistribution(40)).toBe(1);
    expect(normalDistribution(-40)).toBe(0);
  });
});
