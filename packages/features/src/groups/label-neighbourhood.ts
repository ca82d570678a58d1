import type { FeatureGroup } from '@risk-scoring/contract';
import { numeric, wholeAmount } from './fragments.ts';

const directions = [
  ['in', 'received'],
  ['out', 'sent'],
] as const;
const noUsd = 'no flow of that direction with a value in USD';

/**
 * What is known of the addresses around the alert's own. Never its own label; in training never those of its own fold or
 * of the holdout; never a label that is newer than the snapshot.
 */
export const labelNeighbourhoodGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'label-neighbourhood',
  per: 'address',
  readsLabels: true,
  columns: [
    numeric('labelled_counterparties', 'counterparties with a visible label', { unit: 'count', absent: 0 }),
    numeric('risky_counterparty_share', 'share of these whose risk level is high or critical', {
      unit: 'ratio',
      missing: 'no labelled counterparty',
    }),
    ...directions.flatMap(([direction, verb]) => [
      numeric(
        `risky_${direction}_usd_share`,
        `share of the volume ${verb} that is with risky counterparties`,
        {
          unit: 'ratio',
          missing: noUsd,
        },
      ),
      numeric(`safe_${direction}_usd_share`, `share of the volume ${verb} that is with safe counterparties`, {
        unit: 'ratio',
        missing: noUsd,
      }),
    ]),
    numeric('labelled_peers', 'other members of its clusters with a visible label', {
      unit: 'count',
      absent: 0,
    }),
    numeric('risky_peer_share', 'share of these whose risk level is high or critical', {
      unit: 'ratio',
      missing: 'no labelled member of its clusters',
    }),
  ],
  // One row: one alerted address.
  sql: `SELECT
    alerted.snapshot_date AS processing_date,
    alerted.own_key AS address_key,
    ifNull(near.labelled, 0) AS labelled_counterparties,
    near.risky_ones / nullIf(near.labelled, 0) AS risky_counterparty_share,
    ${directions
      .map(
        ([direction]) =>
          `toFloat64(ifNull(near.risky_${direction}, 0)) / nullIf(toFloat64(flows.usd_${direction}), 0) AS risky_${direction}_usd_share,
    toFloat64(ifNull(near.safe_${direction}, 0)) / nullIf(toFloat64(flows.usd_${direction}), 0) AS safe_${direction}_usd_share`,
      )
      .join(',\n    ')},
    ifNull(peers.labelled, 0) AS labelled_peers,
    peers.risky_ones / nullIf(peers.labelled, 0) AS risky_peer_share
FROM (SELECT address_key AS own_key, any(processing_date) AS snapshot_date FROM alerts GROUP BY own_key) AS alerted
LEFT JOIN
(
    SELECT flow_key, sum(incoming) AS usd_in, sum(outgoing) AS usd_out
    FROM
    (
        SELECT to_key AS flow_key, ${wholeAmount('amount_usd_sum')} AS incoming, toInt128(0) AS outgoing FROM money_flows
        UNION ALL
        SELECT from_key AS flow_key, toInt128(0) AS incoming, ${wholeAmount('amount_usd_sum')} AS outgoing FROM money_flows
    )
    WHERE flow_key IN (SELECT address_key FROM alerts)
    GROUP BY flow_key
) AS flows ON alerted.own_key = flows.flow_key
LEFT JOIN
(
    SELECT
        address_key AS near_key,
        uniqExact(neighbour_key) AS labelled,
        uniqExactIf(neighbour_key, risky) AS risky_ones,
        ${directions
          .map(
            ([
              direction,
            ]) => `sumIf(${wholeAmount('amount_usd_sum')}, direction = '${direction}' AND risky) AS risky_${direction},
        sumIf(${wholeAmount('amount_usd_sum')}, direction = '${direction}' AND NOT risky) AS safe_${direction}`,
          )
          .join(',\n        ')}
    FROM labelled_flows
    WHERE address_key IN (SELECT address_key FROM alerts)
    GROUP BY near_key
) AS near ON alerted.own_key = near.near_key
LEFT JOIN
(
    SELECT address_key AS peer_key, count() AS labelled, countIf(risky) AS risky_ones
    FROM labelled_peers
    GROUP BY peer_key
) AS peers ON alerted.own_key = peers.peer_key`,
};
