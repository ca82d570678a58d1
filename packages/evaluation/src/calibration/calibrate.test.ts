import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from '../errors.ts';
import { calibrate } from './calibrate.ts';
import { assertCalibration } from './calibration.ts';

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const ascending = fc
  .uniqueArray(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 2, maxLength: 30 })
  .map((values) => values.sort((a, b) => a - b).map((value) => value / 1_000_000));

describe('calibrate', () => {
  it('is the sum over segments, to the bit, and constant outside the knots', () => {
    fc.assert(
      fc.property(ascending, ascending, fc.array(probability), (xs, ys, more) => {
        const knots = Math.min(xs.length, ys.length);
        const [x, y] = [xs.slice(0, knots), ys.slice(0, knots)];
        const scores = Float64Array.of(0, 1, ...x, ...more);
        const summed = scores.map((p) => {
          let value = y[0];
          for (let i = 0; i + 1 < knots; i++) {
            const clipped = Math.min(Math.max(p, x[i]), x[i + 1]);
            value += ((y[i + 1] - y[i]) / (x[i + 1] - x[i])) * (clipped - x[i]);
          }
          return value;
        });
        const found = calibrate({ method: 'isotonic', x, y }, scores);
        expect(found).toEqual(summed);
        expect(found[0]).toBe(y[0]);
        expect(found[1]).toBeCloseTo(y[knots - 1], 12);
      }),
    );
  });

  it('scales logits, clipped at 1e-15', () => {
    const platt = { method: 'platt', slope: 2, intercept: -1 } as const;
    // logit(0.8) = ln 4, so σ(2 ln 4 - 1) = 16 / (16 + e).
    const [middle, zero, tiny] = calibrate(platt, Float64Array.of(0.8, 0, 1e-15));
    expect(middle).toBeCloseTo(16 / (16 + Math.E), 12);
    expect(zero).toBe(tiny);
    expect(zero).toBeGreaterThan(0);
  });

  it('leaves scores as they are without a method, in an array of its own', () => {
    const scores = Float32Array.of(0.25, 0.5);
    expect(calibrate({ method: 'none' }, scores)).toEqual(Float64Array.of(0.25, 0.5));
    const doubles = Float64Array.of(0.1);
    expect(calibrate({ method: 'none' }, doubles)).not.toBe(doubles);
  });

  it('never changes an order', () => {
    fc.assert(
      fc.property(
        probability,
        probability,
        fc.double({ min: 0.001, max: 20, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (a, b, slope, intercept) => {
          const [low, high] = calibrate(
            { method: 'platt', slope, intercept },
            Float64Array.of(Math.min(a, b), Math.max(a, b)),
          );
          expect(low).toBeLessThanOrEqual(high);
        },
      ),
    );
  });

  it('refuses what is no probability', () => {
    for (const score of [-0.1, 1.1, Number.NaN]) {
      expect(() => calibrate({ method: 'none' }, Float64Array.of(0.5, score))).toThrow(
        InvalidScoredRowsError,
      );
    }
  });
});

describe('assertCalibration', () => {
  it.each([
    { method: 'none' },
    { method: 'platt', slope: 0.5, intercept: -3 },
    { method: 'isotonic', x: [0, 1], y: [0.1, 0.2] },
  ])('takes $method', (calibration) => {
    expect(() => assertCalibration(JSON.parse(JSON.stringify(calibration)))).not.toThrow();
  });

  it.each([
    undefined,
    null,
    'none',
    {},
    { method: 'beta' },
    { method: 'platt', slope: 0, intercept: 1 },
    { method: 'platt', slope: 1, intercept: null },
    { method: 'platt', slope: '1', intercept: 0 },
    { method: 'isotonic', x: [0], y: [0.5] },
    { method: 'isotonic', x: [0, 1], y: [0.5] },
    { method: 'isotonic', x: [0, 0], y: [0.1, 0.2] },
    { method: 'isotonic', x: [0, 1], y: [0.2, 0.2] },
    { method: 'isotonic', x: [0, 2], y: [0.1, 0.2] },
    { method: 'isotonic', x: [0, 1], y: [0.1, null] },
  ])('refuses %j', (value) => {
    expect(() => assertCalibration(value)).toThrow(InvalidInputError);
  });
});
