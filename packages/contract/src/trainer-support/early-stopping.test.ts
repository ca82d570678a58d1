import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEarlyStopping } from './early-stopping.ts';

/** Feeds values until it says stop; the best iteration and how many were taken. */
function feed(
  values: readonly number[],
  options: { higherIsBetter: boolean; rounds: number },
): { best: number; taken: number } {
  const stopping = createEarlyStopping(options);
  const stop = values.findIndex((value) => stopping.update(value));
  return { best: stopping.bestIteration, taken: stop < 0 ? values.length : stop + 1 };
}

describe('createEarlyStopping', () => {
  it.each([
    { higherIsBetter: false, values: [0.6, 0.5, 0.4, 0.45, 0.41, 0.42], best: 3, taken: 5 },
    { higherIsBetter: true, values: [0.6, 0.8, 0.7, 0.8, 0.9], best: 2, taken: 4 },
    { higherIsBetter: true, values: [0.1, 0.2, 0.3], best: 3, taken: 3 },
    { higherIsBetter: true, values: [0.3, 0.2, 0.1], best: 1, taken: 3 },
    { higherIsBetter: false, values: [0.3, 0.2, 0.1], best: 3, taken: 3 },
  ])('stops 2 rounds after the best of $values', ({ higherIsBetter, values, best, taken }) => {
    expect(feed(values, { higherIsBetter, rounds: 2 })).toEqual({ best, taken });
  });

  it('keeps the first of the best that came before it stopped', () => {
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 6 }), (losses, rounds) => {
        const { best, taken } = feed(losses, { higherIsBetter: false, rounds });
        const seen = losses.slice(0, taken);
        expect(best).toBe(seen.indexOf(Math.min(...seen)) + 1);
        expect(taken === losses.length || taken - best === rounds).toBe(true);
      }),
    );
  });
});
