import type { FeatureGroup } from '@risk-scoring/contract';
import { numeric } from './fragments.ts';

const noActivity = 'raw_features has no row, or no time, for the address in this snapshot';

const daysBefore = (timestamp: string) =>
  `if(${timestamp} = 0, NULL, (toUnixTimestamp(toDateTime(alert.processing_date, 'UTC')) * 1000 - toInt64(${timestamp})) / 86400000)`;

/** The calendar of the snapshot, and how long ago the address was active: never an absolute time. */
export const temporalGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'temporal',
  per: 'alert',
  severalSnapshots: true,
  columns: [
    numeric('day_of_week', 'weekday of the processing date, Monday 0', { unit: 'weekday' }),
    numeric('day_of_month', 'day of the month of the processing date, from 1', { unit: 'day' }),
    {
      name: 'is_weekend',
      kind: 'boolean',
      meaning: 'the processing date is a Saturday or Sunday',
      missing: 'never missing',
    },
    {
      name: 'is_month_end',
      kind: 'boolean',
      meaning: 'the processing date is the 25th or later',
      missing: 'never missing',
    },
    numeric(
      'days_since_first_activity',
      "days from the address's first transfer in the window to the processing date",
      { unit: 'days', missing: noActivity },
    ),
    numeric(
      'days_since_last_activity',
      "days from the address's last transfer in the window to the processing date",
      {
        unit: 'days',
        missing: noActivity,
      },
    ),
  ],
  // One row: one alert. An address without a row in raw_features gets times of 0.
  sql: `SELECT
    alert.processing_date AS processing_date,
    alert.alert_id AS alert_id,
    toDayOfWeek(alert.processing_date) - 1 AS day_of_week,
    toDayOfMonth(alert.processing_date) AS day_of_month,
    toDayOfWeek(alert.processing_date) >= 6 AS is_weekend,
    toDayOfMonth(alert.processing_date) >= 25 AS is_month_end,
    ${daysBefore('activity.first_activity')} AS days_since_first_activity,
    ${daysBefore('activity.last_activity')} AS days_since_last_activity
FROM alerts AS alert
LEFT JOIN
(
    SELECT processing_date AS active_date, address_key AS active_key, toUInt64(first_activity_timestamp) AS first_activity, toUInt64(last_activity_timestamp) AS last_activity
    FROM features
) AS activity ON alert.processing_date = activity.active_date AND alert.address_key = activity.active_key`,
};
