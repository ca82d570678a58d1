import { addressKeySql } from '@risk-scoring/storage';
import type { FeatureGroup } from '../feature-group.ts';
import { addressColumns } from './address-columns.ts';
import { ALERTED_ADDRESSES, IN_SNAPSHOTS } from './fragments.ts';

/** What raw_features says of the alert's address in the same snapshot. */
export const addressGroup: FeatureGroup = {
  name: 'address',
  columns: addressColumns,
  // One row: one alert, beside its address's features in the same snapshot, NULL where there are none.
  sql: `SELECT
    alert.alert_date AS processing_date,
    alert.alert_id AS alert_id,
    ${addressColumns.map(({ name }) => `feature.f_${name} AS ${name}`).join(',\n    ')}
FROM
(
    ${ALERTED_ADDRESSES}
) AS alert
LEFT JOIN
(
    SELECT
        processing_date AS feature_date,
        ${addressKeySql('address')} AS feature_address,
        ${addressColumns.map(({ name }) => `${name} AS f_${name}`).join(',\n        ')}
    FROM published_features
    WHERE ${IN_SNAPSHOTS}
) AS feature ON alert.alert_date = feature.feature_date AND alert.alerted_address = feature.feature_address`,
};
