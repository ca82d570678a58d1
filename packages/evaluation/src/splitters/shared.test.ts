import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharedGroups } from './shared-groups.ts';
import { sharedWindowDays } from './shared-window-days.ts';

describe('sharedWindowDays', () => {
  it('counts each day once, whatever the order and number of the dates', () => {
    // Test windows cover 9 … 13; training windows cover 3 … 10.
    const request = { trainDates: [10, 6, 10, 8], testDates: Int32Array.of(13, 12, 12), windowDays: 4 };
    expect(sharedWindowDays(request)).toBe(2 / 5);
    expect(sharedWindowDays({ ...request, testDates: [10] })).toBe(1);
    expect(sharedWindowDays({ ...request, trainDates: [] })).toBe(0);
  });

  it('is 0 from a purge of windowDays - 1 days on, and not before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 0, max: 20_000 }),
        (windowDays, last) => {
          const after = (days: number) =>
            sharedWindowDays({ trainDates: [last], testDates: [last + days], windowDays });
          // Training rows lie more than purgeDays before the first test date.
          expect(after(windowDays)).toBe(0);
          expect(after(windowDays - 1)).toBe(1 / windowDays);
        },
      ),
    );
  });

  it('refuses a window that is none, and nothing to judge on', () => {
    for (const windowDays of [0, 1.5, Number.NaN]) {
      expect(() => sharedWindowDays({ trainDates: [1], testDates: [2], windowDays })).toThrow(
        InvalidInputError,
      );
    }
    expect(() => sharedWindowDays({ trainDates: [1], testDates: [], windowDays: 7 })).toThrow(
      InvalidInputError,
    );
  });
});

describe('sharedGroups', () => {
  it('counts groups, not rows', () => {
    const groups = Int32Array.of(0, 0, 0, 1, 2, 3, 3, 4);
    const train = Int32Array.of(0, 3, 7);
    expect(sharedGroups(groups, { train, test: Int32Array.of(1, 2, 4, 5, 6) })).toEqual({
      groups: 1,
      share: 1 / 3,
    });
    expect(sharedGroups(groups, { train, test: Int32Array.of(4, 5) })).toEqual({ groups: 0, share: 0 });
    expect(sharedGroups(groups, { train, test: new Int32Array() })).toEqual({ groups: 0, share: 0 });
  });
});
