import { numberOf } from './raw-rows.ts';
import type { Surroundings } from './world.ts';

const MILLISECONDS_PER_DAY = 86_400_000;

/** What the calendar says of the processing date, and how long before it the address was active. */
export function temporalFeatures({ date, features, key }: Surroundings): Record<string, number> {
  const midnight = new Date(`${date}T00:00:00Z`);
  const row = features.get(key);
  const daysSince = (column: string) => {
    const at = row ? numberOf(row, column) : 0;
    return at === 0 ? Number.NaN : (midnight.getTime() - at) / MILLISECONDS_PER_DAY;
  };
  const weekday = (midnight.getUTCDay() + 6) % 7;
  return {
    day_of_week: weekday,
    day_of_month: midnight.getUTCDate(),
    is_weekend: Number(weekday >= 5),
    is_month_end: Number(midnight.getUTCDate() >= 25),
    days_since_first_activity: daysSince('first_activity_timestamp'),
    days_since_last_activity: daysSince('last_activity_timestamp'),
  };
}
