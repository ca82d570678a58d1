import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBelow, roundDownToFloat32 } from './float32.ts';
import { floatThreshold, ZERO_BOUND } from './tree-ensemble.ts';

const double = fc.double({ noNaN: true });
const float = fc.float({ noNaN: true });

describe('roundDownToFloat32', () => {
  it('leaves x <= threshold as it is for every float32 x', () => {
    fc.assert(
      fc.property(double, float, (threshold, x) => {
        expect(x <= roundDownToFloat32(threshold)).toBe(x <= threshold);
      }),
      { numRuns: 2000 },
    );
  });

  it('does so for the float32 numbers next to the threshold', () => {
    fc.assert(
      fc.property(fc.oneof(double, fc.double({ min: -1e-37, max: 1e-37, noNaN: true })), (threshold) => {
        const rounded = roundDownToFloat32(threshold);
        const nearest = Math.fround(threshold);
        for (const x of [nearest, nextBelow(nearest), -nextBelow(-nearest)]) {
          expect(x <= rounded).toBe(x <= threshold);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is below 0.1 where rounding to nearest is above', () => {
    expect(Math.fround(0.1)).toBeGreaterThan(0.1);
    expect(roundDownToFloat32(0.1)).toBe(0.09999999403953552);
  });
});

describe('nextBelow', () => {
  it('is the greatest float32 below, found by halving the gap', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-3e38) }), (value) => {
        const below = nextBelow(value);
        expect(below).toBeLessThan(value);
        expect(Math.fround(below)).toBe(below);
        // Nothing of float32 lies between: the midpoint is either of the two.
        expect([below, value]).toContain(Math.fround(below / 2 + value / 2) + 0);
      }),
    );
  });

  it('crosses zero and leaves infinity', () => {
    expect(nextBelow(0)).toBe(-(2 ** -149));
    expect(nextBelow(-0)).toBe(-(2 ** -149));
    expect(nextBelow(2 ** -149)).toBe(0);
    expect(nextBelow(Number.POSITIVE_INFINITY)).toBe((2 - 2 ** -23) * 2 ** 127);
  });
});

describe('floatThreshold', () => {
  it('sends every float32 where LightGBM sends it, which takes magnitudes up to 1e-35 for 0', () => {
    const small = fc.double({ min: -3e-35, max: 3e-35, noNaN: true });
    const smallFloat = fc.oneof(
      fc.float({ min: Math.fround(-3e-35), max: Math.fround(3e-35), noNaN: true }),
      fc.constantFrom(ZERO_BOUND, -ZERO_BOUND, nextBelow(ZERO_BOUND), nextBelow(-ZERO_BOUND), 0, -0),
    );
    const threshold = fc.oneof(small, double, fc.constantFrom(ZERO_BOUND, -ZERO_BOUND, 0, -0));
    fc.assert(
      fc.property(threshold, fc.oneof(smallFloat, float), (t, x) => {
        const seen = Math.abs(x) <= ZERO_BOUND ? 0 : x;
        expect(x <= floatThreshold(t)).toBe(seen <= t);
      }),
      { numRuns: 5000 },
    );
  });
});
