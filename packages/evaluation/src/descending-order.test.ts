import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descendingOrder } from './descending-order.ts';

describe('descendingOrder', () => {
  it.each([
    ['Float64Array', (values: number[]) => Float64Array.from(values), fc.double({ noNaN: true })],
    ['Float32Array', (values: number[]) => Float32Array.from(values), fc.float({ noNaN: true })],
  ] as const)('agrees with a stable comparison sort of a %s', (_, toScores, value) => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 200 }), (values) => {
        const scores = toScores(values);
        // Subtraction would make NaN of two infinities; -0 and 0 are told apart as their bits are.
        const before = (a: number, b: number) => a > b || (Object.is(a, 0) && Object.is(b, -0));
        const expected = Array.from(scores.keys()).sort((a, b) => {
          if (before(scores[a], scores[b])) return -1;
          return before(scores[b], scores[a]) ? 1 : a - b;
        });
        expect(Array.from(descendingOrder(scores))).toEqual(expected);
      }),
    );
  });

  it.each([
    ['few', 40],
    ['many', 400],
  ])('orders %s scores that differ in their lowest bits only, of either sign', (_, size) => {
    const spaced = fc
      .integer({ min: -300, max: 300 })
      .map((n) => Math.sign(n) * (1 + Math.abs(n) * 2 ** -52));
    fc.assert(
      fc.property(fc.array(spaced, { minLength: size, maxLength: 2 * size }), (values) => {
        const expected = Array.from(values.keys()).sort((a, b) => values[b] - values[a] || a - b);
        expect(Array.from(descendingOrder(Float64Array.from(values)))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('sorts a view that starts inside its buffer', () => {
    const scores = Float64Array.of(9, 9, 1, 3, 2).subarray(2);
    expect(Array.from(descendingOrder(scores))).toEqual([1, 2, 0]);
  });
});
