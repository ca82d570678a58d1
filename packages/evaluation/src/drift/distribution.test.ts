import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countDistribution, distributionOf } from './distribution.ts';

const { NaN: none, POSITIVE_INFINITY: infinite } = Number;

/** How many values lie in each bin, by the definition and nothing else. */
function byDefinition(values: readonly number[], edges: readonly number[]): number[] {
  const known = values.filter((value) => !Number.isNaN(value));
  return Array.from(
    { length: edges.length + 1 },
    (_, bin) =>
      known.filter((x) => (bin === 0 || x >= edges[bin - 1]) && (bin === edges.length || x < edges[bin]))
        .length,
  );
}

describe('distributionOf', () => {
  it('cuts a continuous column into bins of equal shares', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
    const { edges, shares, missing } = distributionOf(values);
    expect(edges).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(shares).toEqual(new Array(10).fill(0.1));
    expect(missing).toBe(0);
  });

  it('gives each of few distinct values a bin', () => {
    expect(distributionOf(Float32Array.of(0, 1, 0, 0))).toEqual({
      edges: [1],
      shares: [0.75, 0.25],
      missing: 0,
    });
    const rare = new Float32Array(1000);
    rare[17] = 1;
    expect(distributionOf(rare)).toEqual({ edges: [1], shares: [0.999, 0.001], missing: 0 });
    expect(distributionOf(Float32Array.of(3, 1, 2, 1)).edges).toEqual([2, 3]);
  });

  it('keeps the many zeros of a sparse column apart from the few other values', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i < 950 ? 0 : i / 1000));
    const { edges, shares } = distributionOf(values);
    expect(edges).toEqual([Math.fround(0.95)]);
    expect(shares).toEqual([0.95, 0.05]);
  });

  it('tells values on either side of a constant column from it', () => {
    for (const constant of [5, 0, -3, 1e-40]) {
      const { edges, shares } = distributionOf(Float32Array.of(constant, constant));
      expect(shares).toEqual([0, 1, 0]);
      const { shares: later } = distributionOf(Float32Array.of(constant - 1, constant + 1, constant, none), {
        edges,
      });
      expect(later).toEqual([0.25, 0.25, 0.25]);
    }
    expect(distributionOf(Float64Array.of(0.1, 0.1)).edges).toEqual([0.1, 0.1 + 2 ** -56]);
  });

  it('counts what is missing, and stands columns with nothing else', () => {
    expect(distributionOf(Float32Array.of(none, 1, none, 2))).toMatchObject({
      shares: [0.25, 0.25],
      missing: 0.5,
    });
    expect(distributionOf(Float32Array.of(none, none))).toEqual({ edges: [], shares: [0], missing: 1 });
    expect(distributionOf(new Float32Array(0))).toEqual({ edges: [], shares: [0], missing: 0 });
  });

  it('makes edges that JSON can hold, of infinite values, too', () => {
    const distribution = distributionOf(Float64Array.of(-infinite, -0, 1, infinite, infinite));
    expect(distribution.edges).toEqual([0, 1]);
    expect(distribution.shares).toEqual([0.2, 0.2, 0.6]);
    expect(JSON.parse(JSON.stringify(distribution))).toEqual(distribution);
  });

  it('leaves the values as they are', () => {
    const values = Float32Array.of(3, none, 1);
    distributionOf(values);
    expect([...values]).toEqual([3, none, 1]);
  });

  it('counts by the definition, whatever the values, and values at an edge above it', () => {
    const value = fc.oneof(fc.constant(none), fc.integer({ min: -4, max: 12 }), fc.double());
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 2, max: 12 }), (list, bins) => {
        const { edges, shares, missing } = distributionOf(Float64Array.from(list), { bins });
        expect(edges.length).toBeLessThanOrEqual(Math.max(2, bins - 1));
        expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
        const counts = byDefinition(list, edges);
        expect(shares).toEqual(counts.map((count) => (list.length === 0 ? 0 : count / list.length)));
        const total = shares.reduce((sum, share) => sum + share, missing);
        expect(total).toBeCloseTo(list.length === 0 ? 0 : 1, 12);
        // No bin is empty, but for those around a constant.
        if (new Set(list.filter((x) => !Number.isNaN(x))).size > 1) expect(counts).not.toContain(0);
      }),
    );
  });

  it('counts parts as it counts the whole', () => {
    const values = fc.array(fc.oneof(fc.constant(none), fc.integer({ min: 0, max: 30 })), { maxLength: 50 });
    fc.assert(
      fc.property(values, values, (one, two) => {
        const { edges } = distributionOf(Float32Array.from(one));
        const counter = countDistribution(edges);
        counter.add(Float32Array.from(one));
        counter.add(Float32Array.from(two));
        expect(counter.distribution()).toEqual(
          distributionOf(Float32Array.from([...one, ...two]), { edges }),
        );
        expect(counter.rows).toBe(one.length + two.length);
      }),
    );
  });

  it('refuses edges that do not ascend, and numbers of bins that cannot be meant', () => {
    for (const edges of [[1, 1], [2, 1], [none]]) {
      expect(() => distributionOf(Float32Array.of(1), { edges })).toThrow(InvalidInputError);
    }
    for (const bins of [1, 2.5, none]) {
      expect(() => distributionOf(Float32Array.of(1), { bins })).toThrow(InvalidInputError);
    }
  });
});
