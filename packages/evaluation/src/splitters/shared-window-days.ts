import { InvalidInputError } from '@risk-scoring/contract';

/** Processing dates of both sides, in days since 1970-01-01, in any order and as often as there are rows, and the days that each snapshot covers. */
export interface WindowDays {
  readonly trainDates: Int32Array | readonly number[];
  readonly testDates: Int32Array | readonly number[];
  /** A snapshot of date d covers the days d - windowDays + 1 … d. */
  readonly windowDays: number;
}

/**
 * The share of the days that the windows of the test snapshots cover which windows of training snapshots cover too: how much of what
 * is judged on happened before the eyes of the model. Each day counts once. Purging windowDays - 1 days makes it 0.
 *
 * @returns 0..1
 * @throws {InvalidInputError} when there is no test date, or `windowDays` is no whole number of at least 1
 * @example
 * sharedWindowDays({ trainDates: [10], testDates: [12], windowDays: 4 }); // days 9 and 10 of 9 … 12: 0.5
 */
export function sharedWindowDays({ trainDates, testDates, windowDays }: WindowDays): number {
  if (!Number.isInteger(windowDays) || windowDays < 1) {
    throw new InvalidInputError({
      what: 'The window',
      expected: 'a whole number of days, 1 or more',
      found: windowDays,
    });
  }
  if (testDates.length === 0) {
    throw new InvalidInputError({
      what: 'The list of test dates',
      expected: 'at least one date',
      found: 'none',
    });
  }
  const learned = coveredDays(trainDates, windowDays);
  const tested = coveredDays(testDates, windowDays);
  let shared = 0;
  for (const day of tested) if (learned.has(day)) shared++;
  return shared / tested.size;
}

function coveredDays(dates: Int32Array | readonly number[], windowDays: number): Set<number> {
  const days = new Set<number>();
  for (const date of new Set(dates)) for (let back = 0; back < windowDays; back++) days.add(date - back);
  return days;
}
