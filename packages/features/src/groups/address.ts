import type { FeatureGroup } from '@risk-scoring/contract';
import { addressColumns, derivedColumns, moneyNames } from './address-columns.ts';

/** ln(1 + |x|) with the sign of x: net_flow_usd may be negative. */
const signedLog = (amount: string) => `sign(toFloat64(${amount})) * log1p(abs(toFloat64(${amount})))`;

/** What raw_features says of the alert's address in the same snapshot. */
export const addressGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'address',
  per: 'address',
  severalSnapshots: true,
  columns: [...addressColumns, ...derivedColumns],
  // One row: one address of the snapshot.
  sql: `SELECT
    processing_date,
    address_key,
    ${addressColumns.map(({ name }) => name).join(',\n    ')},
    ${moneyNames.map((name) => `${signedLog(name)} AS ${name}_log1p`).join(',\n    ')},
    toFloat64(total_in_usd) + toFloat64(total_out_usd) AS total_volume,
    toFloat64(total_out_usd) / (toFloat64(total_in_usd) + 1) AS volume_ratio,
    tx_total_count / 100 AS tx_count_norm,
    unique_counterparties / 50 AS unique_counterparties_norm
FROM features`,
};
