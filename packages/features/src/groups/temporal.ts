import { addressKeySql } from '@risk-scoring/storage';
import type { FeatureGroup } from '../feature-group.ts';
import { ALERTED_ADDRESSES, IN_SNAPSHOTS } from './fragments.ts';

const midnight = `toUnixTimestamp(toDateTime(alert.alert_date, 'UTC')) * 1000`;
const daysBefore = (timestamp: string) =>
  `if(${timestamp} = 0, NULL, (${midnight} - toInt64(${timestamp})) / 86400000)`;
const noActivity = 'raw_features has no row, or no time, for the address in this snapshot';

/** The calendar of the snapshot, and how long ago the address was active: never an absolute time. */
export const temporalGroup: FeatureGroup = {
  name: 'temporal',
  columns: [
    {
      name: 'day_of_week',
      kind: 'numeric',
      unit: 'weekday',
      meaning: 'weekday of the processing date, Monday 0',
      missing: 'never missing',
    },
    {
      name: 'day_of_month',
      kind: 'numeric',
      unit: 'day',
      meaning: 'day of the month of the processing date, from 1',
      missing: 'never missing',
    },
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
    {
      name: 'days_since_first_activity',
      kind: 'numeric',
      unit: 'days',
      meaning: "days from the address's first transfer in the window to the processing date",
      missing: noActivity,
    },
    {
      name: 'days_since_last_activity',
      kind: 'numeric',
      unit: 'days',
      meaning: "days from the address's last transfer in the window to the processing date",
      missing: noActivity,
    },
  ],
  // One row: one alert.
  sql: `SELECT
    alert.alert_date AS processing_date,
    alert.alert_id AS alert_id,
    toDayOfWeek(alert.alert_date) - 1 AS day_of_week,
    toDayOfMonth(alert.alert_date) AS day_of_month,
    toDayOfWeek(alert.alert_date) >= 6 AS is_weekend,
    toDayOfMonth(alert.alert_date) >= 25 AS is_month_end,
    ${daysBefore('activity.first_activity')} AS days_since_first_activity,
    ${daysBefore('activity.last_activity')} AS days_since_last_activity
FROM
(
    ${ALERTED_ADDRESSES}
) AS alert
LEFT JOIN
(
    SELECT
        processing_date AS active_date,
        ${addressKeySql('address')} AS active_address,
        first_activity_timestamp AS first_activity,
        last_activity_timestamp AS last_activity
    FROM published_features
    WHERE ${IN_SNAPSHOTS}
) AS activity ON alert.alert_date = activity.active_date AND alert.alerted_address = activity.active_address`,
};
