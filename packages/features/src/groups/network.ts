import type { FeatureGroup } from '@risk-scoring/contract';
import { ANOMALY_SCORES, isScore, numeric, wholeAmount, wholeScore } from './fragments.ts';

const noUsd = 'no flow of that direction with a value in USD';
const noFlows = 'no flow of the address in the snapshot';
const unknownCounterparties = 'no counterparty has a row in raw_features in the snapshot';

const scores = ANOMALY_SCORES;

/** The money flows around the alert's address in the same snapshot, one and two steps away. */
export const networkGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'network',
  per: 'address',
  severalSnapshots: true,
  columns: [
    numeric('flow_in_degree', 'addresses that sent to it', { unit: 'count', absent: 0 }),
    numeric('flow_out_degree', 'addresses that it sent to', { unit: 'count', absent: 0 }),
    numeric('flow_total_degree', 'flow_in_degree plus flow_out_degree', { unit: 'count', absent: 0 }),
    numeric('flow_in_usd', 'volume received', { unit: 'USD', absent: 0 }),
    numeric('flow_out_usd', 'volume sent', { unit: 'USD', absent: 0 }),
    numeric('flow_in_usd_mean', 'mean volume received per sender', {
      unit: 'USD',
      missing: 'nobody sent to it',
    }),
    numeric('flow_out_usd_mean', 'mean volume sent per recipient', {
      unit: 'USD',
      missing: 'it sent to nobody',
    }),
    numeric('flow_in_tx_count', 'transfers received', { unit: 'count', absent: 0 }),
    numeric('flow_out_tx_count', 'transfers sent', { unit: 'count', absent: 0 }),
    numeric('flow_bidirectional_share', 'share of its flows that are marked bidirectional', {
      unit: 'ratio',
      missing: noFlows,
    }),
    numeric(
      'flow_in_concentration',
      'Herfindahl index of the volume received by sender: Σ (share of a sender)²',
      {
        unit: 'ratio',
        missing: noUsd,
      },
    ),
    numeric('flow_out_concentration', 'Herfindahl index of the volume sent by recipient', {
      unit: 'ratio',
      missing: noUsd,
    }),
    numeric('flow_in_out_ratio', 'volume received over volume sent plus 1 USD', { unit: 'ratio', absent: 0 }),
    numeric('counterparty_known_share', 'share of its counterparties with a row in raw_features', {
      unit: 'ratio',
      missing: noFlows,
    }),
    ...scores.map(([score, of]) =>
      numeric(`counterparty_${score}`, `mean ${score} of its counterparties: how unusual ${of} is there`, {
        missing: unknownCounterparties,
      }),
    ),
    numeric('counterparty_exchange_share', 'share of its known counterparties that are exchange-like', {
      unit: 'ratio',
      missing: unknownCounterparties,
    }),
    numeric('counterparty_mixer_share', 'share of its known counterparties that are mixer-like', {
      unit: 'ratio',
      missing: unknownCounterparties,
    }),
  ],
  // One row: one alerted address with a flow. A flow that answers another one is not `first`, so that a counterparty in both directions
  // counts once among the counterparties.
  sql: `SELECT
    flow_date AS processing_date,
    own_key AS address_key,
    countIf(incoming) AS flow_in_degree,
    countIf(NOT incoming) AS flow_out_degree,
    count() AS flow_total_degree,
    toFloat64(sumIf(whole_usd, incoming)) / 1e18 AS flow_in_usd,
    toFloat64(sumIf(whole_usd, NOT incoming)) / 1e18 AS flow_out_usd,
    flow_in_usd / nullIf(flow_in_degree, 0) AS flow_in_usd_mean,
    flow_out_usd / nullIf(flow_out_degree, 0) AS flow_out_usd_mean,
    sumIf(transfers, incoming) AS flow_in_tx_count,
    sumIf(transfers, NOT incoming) AS flow_out_tx_count,
    countIf(both_ways) / count() AS flow_bidirectional_share,
    ${concentration('incoming', 'flow_in_usd')} AS flow_in_concentration,
    ${concentration('NOT incoming', 'flow_out_usd')} AS flow_out_concentration,
    flow_in_usd / (flow_out_usd + 1) AS flow_in_out_ratio,
    countIf(first AND present = 1) AS known_counterparties,
    known_counterparties / countIf(first) AS counterparty_known_share,
    ${scores.map(([score]) => `toFloat64(sumIf(whole_${score}, first)) / 1e12 / nullIf(countIf(first AND is_${score}), 0) AS counterparty_${score}`).join(',\n    ')},
    countIf(first AND exchange) / nullIf(known_counterparties, 0) AS counterparty_exchange_share,
    countIf(first AND mixer) / nullIf(known_counterparties, 0) AS counterparty_mixer_share
FROM
(
    SELECT processing_date AS flow_date, to_key AS own_key, from_key AS other_key, true AS incoming, true AS first,
        tx_count AS transfers, ${wholeAmount('amount_usd_sum')} AS whole_usd, is_bidirectional AS both_ways
    FROM money_flows
    WHERE to_key IN (SELECT address_key FROM alerts)
    UNION ALL
    SELECT processing_date, from_key, to_key, false, cityHash64(processing_date, from_key, to_key) NOT IN (SELECT cityHash64(processing_date, to_key, from_key) FROM money_flows),
        tx_count, ${wholeAmount('amount_usd_sum')}, is_bidirectional
    FROM money_flows
    WHERE from_key IN (SELECT address_key FROM alerts)
) AS flow
LEFT JOIN
(
    SELECT processing_date AS profile_date, address_key AS profile_key, 1 AS present, is_exchange_like AS exchange, is_mixer_like AS mixer,
        ${scores.map(([score]) => `${wholeScore(score)} AS whole_${score}, ${isScore(score)} AS is_${score}`).join(',\n        ')}
    FROM features
) AS profile ON flow.flow_date = profile.profile_date AND flow.other_key = profile.profile_key
GROUP BY flow_date, own_key
SETTINGS join_use_nulls = 0`,
};

/** Herfindahl index: the sum of the squares over the square of the sum. */
function concentration(which: string, total: string): string {
  return `toFloat64(sumIf(toInt256(whole_usd) * whole_usd, ${which})) / nullIf(pow(${total} * 1e18, 2), 0)`;
}
