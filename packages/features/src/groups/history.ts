import type { FeatureGroup } from '@risk-scoring/contract';
import { ANOMALY_SCORES, log1pSql, numeric } from './fragments.ts';

const before = 'raw_features has no row for the address in this or in any earlier snapshot';

/** Amounts and counts, compared as the difference of ln(1 + x): halving and doubling are as far from 0. */
const sizes = [
  ['volume', 'total_volume_usd'],
  ['degree', 'degree_total'],
  ['tx_count', 'tx_total_count'],
] as const;

const scores = ANOMALY_SCORES.map(([score]) => score);

const now = [
  ...sizes.map(([name, column]) => `${log1pSql(column)} AS now_${name}`),
  ...scores.map((score) => `${score} AS now_${score}`),
].join(', ');
const latest = [
  ...sizes.map(([name, column]) => `argMax(${log1pSql(column)}, processing_date) AS now_${name}`),
  ...scores.map((score) => `argMax(${score}, processing_date) AS now_${score}`),
].join(', ');

/** How the address changed since the last snapshot of the same window that it was in. */
export const historyGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'history',
  per: 'address',
  severalSnapshots: true,
  columns: [
    ...sizes.map(([name, column]) =>
      numeric(`${name}_change`, `ln(1 + ${column}) now minus that of the address's previous snapshot`, {
        missing: before,
      }),
    ),
    ...scores.map((score) =>
      numeric(`${score}_change`, `${score} now minus that of the address's previous snapshot`, {
        missing: before,
      }),
    ),
  ],
  // One row: one address of a snapshot with a row in an earlier one. Of the snapshots before those that are computed, its last counts.
  sql: `SELECT
    row_date AS processing_date,
    row_key AS address_key,
    ${[...sizes.map(([name]) => name), ...scores].map((name) => `now_${name} - before_${name} AS ${name}_change`).join(',\n    ')}
FROM
(
    SELECT
        row_date,
        row_key,
        computed,
        row_number() OVER snapshots AS snapshot_number,
        ${[...sizes.map(([name]) => name), ...scores].map((name) => `now_${name}, lagInFrame(now_${name}) OVER snapshots AS before_${name}`).join(',\n        ')}
    FROM
    (
        SELECT processing_date AS row_date, address_key AS row_key, true AS computed, ${now}
        FROM features
        WHERE address_key IN (SELECT address_key FROM alerts)
        UNION ALL
        SELECT max(processing_date) AS row_date, address_key AS row_key, false AS computed, ${latest}
        FROM earlier_features
        WHERE address_key IN (SELECT address_key FROM alerts)
        GROUP BY row_key
    )
    WINDOW snapshots AS (PARTITION BY row_key ORDER BY row_date ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
WHERE computed AND snapshot_number > 1`,
};

/**
 * How often the address was there before. Not among the default groups: where the share of suspicious labels drifts over the years,
 * it remembers when the data was collected (see the README for the figures).
 */
export const recurrenceGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'recurrence',
  per: 'address',
  severalSnapshots: true,
  columns: [
    numeric(
      'snapshots_seen',
      'snapshots with a row in raw_features for the address, up to and including this one',
      {
        unit: 'count',
        absent: 0,
      },
    ),
    numeric('alerts_seen', "the address's alerts in earlier snapshots", { unit: 'count', absent: 0 }),
  ],
  // One row: one alerted address of a snapshot. Dates before those that are computed count as one.
  sql: `SELECT row_date AS processing_date, row_key AS address_key, snapshots_seen, alerts_up_to_now - alerts_now AS alerts_seen
FROM
(
    SELECT
        row_date,
        row_key,
        alerts_now,
        sum(snapshots_now) OVER so_far AS snapshots_seen,
        sum(alerts_now) OVER so_far AS alerts_up_to_now
    FROM
    (
        SELECT row_date, row_key, sum(snapshot) AS snapshots_now, sum(alert) AS alerts_now
        FROM
        (
            SELECT processing_date AS row_date, address_key AS row_key, 0 AS snapshot, 1 AS alert FROM alerts
            UNION ALL
            SELECT processing_date AS row_date, address_key AS row_key, 1 AS snapshot, 0 AS alert FROM features
            UNION ALL
            SELECT toDate(0) AS row_date, address_key AS row_key, 1 AS snapshot, 0 AS alert FROM earlier_features
            UNION ALL
            SELECT toDate(0) AS row_date, address_key AS row_key, 0 AS snapshot, 1 AS alert FROM earlier_alerts
        )
        WHERE row_key IN (SELECT address_key FROM alerts)
        GROUP BY row_date, row_key
    )
    WINDOW so_far AS (PARTITION BY row_key ORDER BY row_date)
)
WHERE row_date > toDate(0)`,
};
