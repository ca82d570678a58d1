import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayNumber, formatDay, weekday } from './calendar.ts';

describe('the calendar', () => {
  it('goes from days to dates and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 49_000 }), (day) => {
        expect(dayNumber(formatDay(day))).toBe(day);
      }),
    );
  });

  it('agrees with Date on weekdays, Monday being 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 49_000 }), (day) => {
        const sundayFirst = new Date(`${formatDay(day)}T12:00:00Z`).getUTCDay();
        expect(weekday(day)).toBe((sundayFirst + 6) % 7);
      }),
    );
  });

  it.each(['2025-02-30', '2025-13-01', '2025-1-1', 'today', '', '2025-01-06T00:00:00Z'])(
    'knows no day called %j',
    (date) => {
      expect(dayNumber(date)).toBeUndefined();
    },
  );
});
