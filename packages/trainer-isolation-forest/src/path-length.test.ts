import { describe, expect, it } from 'vitest';
import { anomalyScore, averagePathLength } from './path-length.ts';

describe('averagePathLength', () => {
  it('is c(n) of the paper, reckoned by hand', () => {
    // c(256) = 2 · (ln 255 + 0.5772156649) − 2 · 255/256 = 2 · (5.5412635452 + 0.5772156649) − 1.9921875
    expect(averagePathLength(256)).toBeCloseTo(10.2447709202, 9);
    // c(3) = 2 · (0.6931471806 + 0.5772156649) − 4/3
    expect(averagePathLength(3)).toBeCloseTo(1.2073923577, 9);
    expect([0, 1, 2].map(averagePathLength)).toEqual([0, 0, 1]);
  });

  it('comes close to the harmonic numbers that it estimates', () => {
    const harmonic = (i: number): number =>
      Array.from({ length: i }, (_, k) => 1 / (k + 1)).reduce((a, b) => a + b, 0);
    for (const n of [16, 256, 4096]) {
      const exact = 2 * harmonic(n - 1) - (2 * (n - 1)) / n;
      expect(Math.abs(averagePathLength(n) - exact)).toBeLessThan(1 / (n - 1) + 1e-8);
    }
  });
});

describe('anomalyScore', () => {
  it('is 1 at once, 0.5 after the average path and near 0 after the longest', () => {
    expect(anomalyScore(0, 256)).toBe(1);
    expect(anomalyScore(averagePathLength(256), 256)).toBeCloseTo(0.5, 15);
    expect(anomalyScore(255, 256)).toBeLessThan(1e-7);
  });
});
