import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseInformative, uncertaintyOf } from './choose-informative.ts';
import { farthestFirst } from './farthest-first.ts';
import { rankNormalise } from './rank-normalise.ts';

describe('uncertaintyOf', () => {
  it('is the entropy in bits', () => {
    expect([0, 1, 0.5].map(uncertaintyOf)).toEqual([0, 0, 1]);
    // Of a draw that is one in four: 2 − 0.75 log₂ 3.
    expect(uncertaintyOf(0.25)).toBeCloseTo(2 - 0.75 * Math.log2(3), 12);
    expect(uncertaintyOf(0.75)).toBeCloseTo(uncertaintyOf(0.25), 12);
  });
});

describe('rankNormalise', () => {
  it('ranks by mean position among the known values', () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.constant(Number.NaN),
      fc.constant(Number.POSITIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (values) => {
        const known = values.filter((each) => !Number.isNaN(each));
        const expected = values.map((each) => {
          if (Number.isNaN(each) || known.length === 1) return 0.5;
          const below = known.filter((other) => other < each).length;
          const equal = known.filter((other) => other === each).length;
          return (below + (equal - 1) / 2) / (known.length - 1);
        });
        const found = [...rankNormalise(Float32Array.from(values))];
        for (const [at, rank] of found.entries()) expect(rank).toBeCloseTo(expected[at] ?? Number.NaN, 6);
      }),
    );
  });
});

describe('farthestFirst', () => {
  it('takes each time the point farthest from all that were taken', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }));
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 15 }),
        fc.integer({ min: 1, max: 20 }),
        (points, count) => {
          const columns = [0, 1].map((axis) => Float32Array.from(points, (each) => each[axis] ?? 0));
          const chosen = [...farthestFirst(columns, count)];
          expect(chosen[0]).toBe(0);
          expect(new Set(chosen).size).toBe(Math.min(count, points.length));
          const distance = (a: number, b: number) =>
            Math.hypot(...[0, 1].map((axis) => (points[a]?.[axis] ?? 0) - (points[b]?.[axis] ?? 0)));
          for (let step = 1; step < chosen.length; step++) {
            const taken = chosen.slice(0, step);
            const nearest = (each: number) => Math.min(...taken.map((other) => distance(each, other)));
            const free = [...points.keys()].filter((each) => !taken.includes(each));
            const best = free.reduce((a, b) => (nearest(b) > nearest(a) ? b : a));
            expect(chosen[step]).toBe(best);
          }
        },
      ),
    );
  });
});

describe('chooseInformative', () => {
  const matrix = (columns: readonly (readonly number[])[]) => ({
    values: Float32Array.from(columns.flat()),
    rows: columns[0]?.length ?? 0,
    columns: columns.length,
    rowOf: Int32Array.from((columns[0] ?? []).keys()),
  });

  it('starts with the most uncertain one and goes on with those that differ', () => {
    const scores = Float64Array.of(0.5, 0.49, 0.52, 0.45, 0.4, 0.05);
    const chosen = chooseInformative(scores, matrix([[1, 1.1, 1.2, 1.3, 9, 10]]), 2);
    // All six are within ten times two; the last is as far away as can be.
    expect([...chosen]).toEqual([0, 5]);
  });

  it('chooses among the ten times as many most uncertain ones only', () => {
    const scores = Float64Array.from({ length: 30 }, (_, at) => 0.5 + at * 0.01);
    const chosen = chooseInformative(scores, matrix([Array.from(scores.keys())]), 1);
    expect([...chosen]).toEqual([0]);
    const two = chooseInformative(scores, matrix([Array.from(scores.keys())]), 2);
    expect([...two]).toEqual([0, 19]);
  });

  it('falls back on uncertainty where nothing tells candidates apart', () => {
    const scores = Float64Array.of(0.1, 0.4, 0.5);
    expect([
      ...chooseInformative(
        scores,
        matrix([
          [Number.NaN, Number.NaN, Number.NaN],
          [3, 3, 3],
        ]),
        2,
      ),
    ]).toEqual([2, 1]);
    expect(chooseInformative(new Float64Array(), matrix([[]]), 2)).toHaveLength(0);
  });
});
