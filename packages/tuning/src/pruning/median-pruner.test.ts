import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Direction, TrialRecord } from '../trial.ts';
import { createMedianPruner } from './median-pruner.ts';

function trial(index: number, state: TrialRecord['state'], values: readonly number[]): TrialRecord {
  const base = { index, parameters: {}, values, seconds: 0 };
  if (state === 'complete') return { ...base, state, value: 0 };
  if (state === 'pruned') return { ...base, state };
  return { ...base, state, error: { code: 'X', category: 'data', message: 'x' } };
}

/** The rule as the paper words it, worked out plainly. Where no other trial is as far, there is no median. */
function plainRule(
  others: readonly (readonly number[])[],
  own: readonly number[],
  direction: Direction,
): boolean {
  const sign = direction === 'maximize' ? 1 : -1;
  const s = own.length;
  const means = others
    .filter((values) => values.length >= s)
    .map((values) => {
      let sum = 0;
      for (let i = 0; i < s; i++) sum += values[i] ?? 0;
      return sum / s;
    });
  const sorted = [...means].sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return false;
  const median = n % 2 === 1 ? sorted[(n - 1) / 2] : ((sorted[n / 2 - 1] ?? 0) + (sorted[n / 2] ?? 0)) / 2;
  let best = Number.NEGATIVE_INFINITY;
  for (const value of own) if (sign * value > best) best = sign * value;
  return best < sign * (median ?? Number.NaN);
}

describe('createMedianPruner', () => {
  it('prunes what is strictly worse than the median of the running means', () => {
    const pruner = createMedianPruner({ direction: 'maximize', startupTrials: 3, warmupSteps: 0 });
    const trials = [
      trial(0, 'complete', [0.5, 0.7, 0]),
      trial(1, 'complete', [0.6, 0.6, 0]),
      trial(2, 'complete', [0.8, 0.8, 1]),
    ];
    // After two steps the means are 0.6, 0.6 and 0.8.
    expect(pruner.shouldPrune(trials, { values: [0.5, 0.59] })).toBe(true);
    expect(pruner.shouldPrune(trials, { values: [0.5, 0.6] })).toBe(false);
    expect(pruner.shouldPrune(trials, { values: [0.6, 0.1] })).toBe(false);
    const byMean = createMedianPruner({ direction: 'maximize', startupTrials: 3, compare: 'mean' });
    expect(byMean.shouldPrune(trials, { values: [0.6, 0.1] })).toBe(true);
  });

  it('agrees with a direct calculation', () => {
    const values = fc.array(
      fc.integer({ min: 0, max: 8 }).map((x) => x / 8),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 9 }),
        values,
        fc.constantFrom<Direction>('maximize', 'minimize'),
        (others, own, direction) => {
          const pruner = createMedianPruner({ direction, startupTrials: 1, warmupSteps: 0 });
          const trials = others.map((each, i) => trial(i, 'complete', each));
          expect(pruner.shouldPrune(trials, { values: own })).toBe(plainRule(others, own, direction));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('waits for startup trials and warm-up steps, and counts complete trials alone', () => {
    const pruner = createMedianPruner({ direction: 'minimize' });
    const complete = Array.from({ length: 5 }, (_, i) => trial(i, 'complete', [0, 0]));
    expect(pruner.shouldPrune(complete, { values: [1] })).toBe(false);
    expect(pruner.shouldPrune(complete, { values: [1, 1] })).toBe(true);
    expect(pruner.shouldPrune(complete.slice(1), { values: [1, 1] })).toBe(false);
    for (const state of ['pruned', 'failed'] as const) {
      const four = [...complete.slice(1), trial(9, state, [0, 0])];
      expect(pruner.shouldPrune(four, { values: [1, 1] })).toBe(false);
    }
    expect(pruner.shouldPrune(complete, { values: [1, 1, 1] })).toBe(false);
  });

  it('refuses options out of range', () => {
    for (const options of [
      { startupTrials: 0 },
      { warmupSteps: -1 },
      { compare: 'last' },
      { direction: 'up' },
    ]) {
      expect(() => createMedianPruner({ direction: 'minimize', ...(options as object) })).toThrow(
        /cannot be used/,
      );
    }
  });
});
