import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEarlyStopping } from './early-stopping.ts';

/** Feeds values until it says stop; the best iteration and how many were taken. */
function feed(metric: string, values: readonly number[], rounds: number): { best: number; taken: number } {
  const stopping = createEarlyStopping({ metric, rounds });
  const stop = values.findIndex((value) => stopping.update(value));
  return { best: stopping.bestIteration, taken: stop < 0 ? values.length : stop + 1 };
}

describe('createEarlyStopping', () => {
  it.each([
    { metric: 'binary_logloss', values: [0.6, 0.5, 0.4, 0.45, 0.41, 0.42], best: 3, taken: 5 },
    { metric: 'auc', values: [0.6, 0.8, 0.7, 0.8, 0.9], best: 2, taken: 4 },
    { metric: 'average_precision', values: [0.1, 0.2, 0.3], best: 3, taken: 3 },
    { metric: 'ndcg@5', values: [0.3, 0.2, 0.1], best: 1, taken: 3 },
    { metric: 'binary_error', values: [0.3, 0.2, 0.1], best: 3, taken: 3 },
  ])('stops 2 rounds after the best $metric of $values', ({ metric, values, best, taken }) => {
    expect(feed(metric, values, 2)).toEqual({ best, taken });
  });

  it('keeps the first of the best that came before it stopped', () => {
    const values = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 6 }), (losses, rounds) => {
        const { best, taken } = feed('binary_logloss', losses, rounds);
        const seen = losses.slice(0, taken);
        expect(best).toBe(seen.indexOf(Math.min(...seen)) + 1);
        expect(taken === losses.length || taken - best === rounds).toBe(true);
      }),
    );
  });
});
