import { describe, expect, it } from 'vitest';
import { labelAddresses } from './label-addresses.ts';

describe('labelAddresses', () => {
  it('takes the label with the larger sum of weights, its mean weight and the source of its heaviest alert', () => {
    const labels = Int8Array.of(1, 0, 0, 1, 0, -1, 1, 0);
    const weights = Float32Array.of(0.5, 0.25, 0.5, 3, 0.5, 0, 0, 0.5);
    const places = Int32Array.of(0, 0, 0, 1, 2, 3, 4, 2);
    const sources = { names: ['a', 'b'], codes: Int32Array.of(0, 0, 1, 0, 1, -1, 0, 0) };
    const { rows, undecided } = labelAddresses(
      { labels, weights, sources },
      { places, size: 5, nameOf: (place) => `0x${place}` },
    );
    expect(rows.addresses.values).toEqual(['0x0', '0x1', '0x2']);
    expect([...rows.labels]).toEqual([0, 1, 0]);
    expect([...rows.levels]).toEqual([0, 2, 0]);
    expect([...rows.confidences]).toEqual([0.375, 1, 0.5]);
    expect(Array.from(rows.sources.codes, (code) => rows.sources.values[code])).toEqual(['b', 'a', 'b']);
    expect(undecided).toBe(0);
  });

  it('gives no row to an address whose alerts say both with equal weight', () => {
    const found = labelAddresses(
      {
        labels: Int8Array.of(1, 0, 1),
        weights: Float32Array.of(0.5, 0.5, 1),
        sources: { names: ['a'], codes: Int32Array.of(0, 0, 0) },
      },
      { places: Int32Array.of(0, 0, 1), size: 2, nameOf: String },
    );
    expect(found.undecided).toBe(1);
    expect(found.rows.addresses.values).toEqual(['1']);
  });
});
