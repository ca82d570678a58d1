import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

describe('createRandom', () => {
  it('repeats itself for one seed and stream, and differs between seeds and streams', () => {
    const draw = (seed: number, stream: string) => {
      const random = createRandom(seed, stream);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(1, 'a')).toEqual(draw(1, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(2, 'a'));
    expect(draw(1, 'a')).not.toEqual(draw(1, 'b'));
  });

  it('is uniform: 16 equal bins of 160,000 draws stay within the 99.99 % chi-square bound', () => {
    const random = createRandom(7);
    const bins = new Int32Array(16);
    for (let i = 0; i < 160_000; i++) bins[random.integer(16)]++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // Upper 0.0001 quantile of chi-square with 15 degrees of freedom, from published tables.
    expect(chiSquare).toBeLessThan(44.26);
  });

  it('gives normal deviates with mean 0, variance 1 and kurtosis 3', () => {
    const random = createRandom(3, 'normal');
    const draws = Float64Array.from({ length: 200_000 }, () => random.normal());
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const moment = (k: number) => draws.reduce((sum, x) => sum + (x - mean) ** k, 0) / draws.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(moment(4)).toBeGreaterThan(2.9);
    expect(moment(4)).toBeLessThan(3.1);
  });

  it('shuffles into a permutation', () => {
    const shuffled = createRandom(5).shuffle(Int32Array.from({ length: 1000 }, (_, i) => i));
    expect(Array.from(shuffled)).not.toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(Array.from(shuffled).sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  });
});
