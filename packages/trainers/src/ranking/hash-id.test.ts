import { describe, expect, it } from 'vitest';
import { hashId } from './hash-id.ts';

describe('hashId', () => {
  it('is the number that the two published functions give, as computed by a program in another language', () => {
    expect(['', 'a', 'foobar', 'alert-17'].map(hashId)).toEqual([
      2872998923, 444641715, 202221276, 4126623652,
    ]);
  });

  it('spreads ids that count up evenly', () => {
    const places = Array.from({ length: 16_000 }, (_, i) =>
      Math.floor((hashId(`alert-${i}`) / 2 ** 32) * 16),
    );
    const bins = Array.from({ length: 16 }, (_, bin) => places.filter((place) => place === bin).length);
    // 1000 each, with a standard deviation of about 31.
    expect(Math.min(...bins)).toBeGreaterThan(850);
    expect(Math.max(...bins)).toBeLessThan(1150);
  });

  it('tells code units above 255 apart', () => {
    expect(hashId('ā')).not.toBe(hashId('\u0001'));
  });
});
