import { InvalidInputError, type TrainingPeriod } from '@risk-scoring/contract';

const isoDate = /^\d{4}-\d{2}-\d{2}$/;
const lastDate = '2149-06-06';

/**
 * Checks a period before anything is looked up: real dates that ClickHouse's Date holds (1970-01-01 … 2149-06-06), the
 * end not before the start, a window of 1 to 65535 days.
 *
 * @returns the same period
 * @throws {InvalidInputError} naming the value that cannot be used
 * @example
 * validatePeriod({ network: 'ethereum', startDate: '2020-01-01', endDate: '2020-02-01', windowDays: 30 });
 */
export function validatePeriod(period: TrainingPeriod): TrainingPeriod {
  if (period.startDate === period.endDate) validateDate('The date', period.startDate);
  validateDate('The start date', period.startDate);
  validateDate('The end date', period.endDate);
  if (period.endDate < period.startDate) {
    throw new InvalidInputError({
      what: 'The period',
      expected: 'an end date on or after the start date',
      found: `${period.startDate} to ${period.endDate}`,
      remedy: 'swap the two dates',
    });
  }
  if (!Number.isInteger(period.windowDays) || period.windowDays < 1 || period.windowDays > 65535) {
    throw new InvalidInputError({
      what: 'The window',
      expected: 'a whole number of days from 1 to 65535',
      found: period.windowDays,
      remedy: 'use the window_days of your snapshots, for example 30',
    });
  }
  return period;
}

function validateDate(what: string, value: string): void {
  const real =
    isoDate.test(value) &&
    !Number.isNaN(Date.parse(value)) &&
    new Date(`${value}T00:00:00Z`).toISOString().startsWith(value) &&
    value >= '1970-01-01' &&
    value <= lastDate;
  if (!real) {
    throw new InvalidInputError({
      what,
      expected: `a date YYYY-MM-DD between 1970-01-01 and ${lastDate}`,
      found: value,
      remedy: 'write it as year-month-day, for example 2020-01-31',
    });
  }
}
