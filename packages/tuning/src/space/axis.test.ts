import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisOf } from './axis.ts';

describe('the axis of a parameter', () => {
  it('has the values of a float with a step, without the noise of binary fractions', () => {
    const axis = axisOf({ type: 'float', low: 0.1, high: 0.7, step: 0.2 });
    expect(axis.count).toBe(4);
    expect([0, 1, 2, 3].map(axis.valueAt)).toEqual([0.1, 0.3, 0.5, 0.7]);
  });

  it('stops at the last step that is not above high', () => {
    const axis = axisOf({ type: 'int', low: 10, high: 99, step: 20 });
    expect(axis.count).toBe(5);
    expect(axis.value(1e9)).toBe(90);
    expect(axis.value(-1e9)).toBe(10);
  });

  it('rounds a place to the value that owns its stretch; the stretches join and fill the line', () => {
    const parameters = fc
      .record({
        type: fc.constantFrom('int' as const, 'float' as const),
        low: fc.integer({ min: 1, max: 50 }),
        width: fc.integer({ min: 5, max: 300 }),
        step: fc.integer({ min: 1, max: 5 }),
        log: fc.boolean(),
      })
      .map(({ width, ...rest }) => ({ ...rest, high: rest.low + width }));
    fc.assert(
      fc.property(parameters, fc.double({ min: 0, max: 1, noNaN: true }), (parameter, share) => {
        const axis = axisOf(parameter);
        let end = axis.from;
        for (let k = 0; k < (axis.count ?? 0); k++) {
          const value = axis.valueAt(k);
          const [from, to] = axis.stretch(value) ?? [0, 0];
          expect(from).toBe(end);
          expect(axis.value((from + to) / 2)).toBe(value);
          end = to;
        }
        expect(end).toBe(axis.to);
        const place = axis.from + share * (axis.to - axis.from);
        const [from, to] = axis.stretch(axis.value(place)) ?? [0, 0];
        expect(place).toBeGreaterThanOrEqual(from);
        expect(place).toBeLessThanOrEqual(to);
      }),
    );
  });
});
