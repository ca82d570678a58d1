import type { FeatureGroup } from '@risk-scoring/contract';
import {
  ANOMALY_SCORES,
  isScore,
  levelSql,
  log1pSql,
  numeric,
  wholeAmount,
  wholeScore,
} from './fragments.ts';

const noAlert = 'raw_alerts has no alert of its addresses in the snapshot';
const noProfile = 'raw_features has no row for its addresses in the snapshot';
const noTime = 'the cluster has no such time';

const severities = ['low', 'medium', 'high', 'critical'] as const;

const scores = ANOMALY_SCORES.map(([score]) => score);

const kinds = [
  ['new', 'is_new_address'],
  ['mixer', 'is_mixer_like'],
  ['exchange', 'is_exchange_like'],
  ['contract', 'is_contract_like'],
] as const;

const ofCluster = [
  numeric('total_alerts', 'total_alerts of the cluster', { unit: 'count' }),
  numeric('member_count', 'addresses in the cluster', { unit: 'count' }),
  numeric('cluster_total_usd', 'total_volume_usd of the cluster', { unit: 'USD' }),
  numeric('cluster_total_usd_log1p', 'ln(1 + total_volume_usd), negative volumes as 0', { unit: 'log USD' }),
  numeric('confidence_avg', 'confidence_avg of the cluster, 0..1', { unit: 'ratio' }),
  numeric('severity_max', 'severity_max: low 1, medium 2, high 3, critical 4', {
    missing: 'a severity that is none of these',
  }),
  numeric('span_days', 'days from its earliest alert to its latest one', { unit: 'days', missing: noTime }),
  numeric('days_since_latest_alert', 'days from its latest alert to the processing date', {
    unit: 'days',
    missing: noTime,
  }),
];

const ofAlerts = [
  numeric('member_alert_count', 'alerts of its addresses in raw_alerts', { unit: 'count' }),
  ...severities.map((severity) =>
    numeric(`member_alert_${severity}_share`, `share of these alerts with the severity ${severity}`, {
      unit: 'ratio',
      missing: noAlert,
    }),
  ),
  numeric('member_typology_count', 'typologies among these alerts', { unit: 'count' }),
  numeric('member_alert_volume_usd_mean', 'mean volume of these alerts', { unit: 'USD', missing: noAlert }),
  numeric('member_alert_volume_usd_max', 'largest volume of these alerts', { unit: 'USD', missing: noAlert }),
  numeric('member_alert_confidence_mean', 'mean confidence of these alerts', {
    unit: 'ratio',
    missing: noAlert,
  }),
  numeric('member_alert_confidence_max', 'highest confidence of these alerts', {
    unit: 'ratio',
    missing: noAlert,
  }),
];

const ofFeatures = [
  numeric('member_known_share', 'share of its addresses with a row in raw_features', {
    unit: 'ratio',
    missing: 'the cluster has no address',
  }),
  ...scores.flatMap((score) => [
    numeric(`member_${score}_mean`, `mean ${score} of its addresses`, { missing: noProfile }),
    numeric(`member_${score}_max`, `highest ${score} of its addresses`, { missing: noProfile }),
  ]),
  numeric('member_volume_usd_log1p_mean', 'mean ln(1 + total_volume_usd) of its addresses', {
    unit: 'log USD',
    missing: noProfile,
  }),
  ...kinds.map(([kind, flag]) =>
    numeric(`member_${kind}_share`, `share of its known addresses with ${flag}`, {
      unit: 'ratio',
      missing: noProfile,
    }),
  ),
  numeric('member_degree_mean', 'mean degree_total of its addresses', { unit: 'count', missing: noProfile }),
];

const ofFlows = [
  numeric('internal_flow_count', 'ordered pairs of two of its addresses with a money flow', {
    unit: 'count',
  }),
  numeric('internal_flow_usd', 'volume of these flows', { unit: 'USD' }),
  numeric(
    'internal_flow_density',
    'internal_flow_count over the n (n − 1) ordered pairs of its n addresses',
    {
      unit: 'ratio',
      missing: 'the cluster has fewer than two addresses',
    },
  ),
  numeric('inflow_usd', 'volume that its addresses received from others', { unit: 'USD' }),
  numeric('outflow_usd', 'volume that its addresses sent to others', { unit: 'USD' }),
  numeric('internal_usd_share', 'internal_flow_usd over the volume of all flows of its addresses', {
    unit: 'ratio',
    missing: 'no flow of its addresses with a value in USD',
  }),
];

/** A cluster, its addresses, and what the same snapshot says of them. */
export const clusterMatrixGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'cluster-matrix',
  per: 'cluster',
  severalSnapshots: true,
  columns: [...ofCluster, ...ofAlerts, ...ofFeatures, ...ofFlows],
  // One row: one cluster. Of a flow between two of its addresses only the sender's side counts; what an address sends to itself does not.
  sql: `WITH
members AS
(
    SELECT processing_date AS member_date, cluster_id AS member_of, arrayJoin(arrayDistinct(member_keys)) AS member
    FROM clusters
)
SELECT
    cluster.date AS processing_date,
    cluster.id AS cluster_id,
    cluster.alerts AS total_alerts,
    cluster.size AS member_count,
    cluster.usd AS cluster_total_usd,
    ${log1pSql('cluster.usd')} AS cluster_total_usd_log1p,
    cluster.confidence AS confidence_avg,
    nullIf(${levelSql('cluster.severity')}, 0) AS severity_max,
    if(cluster.earliest = 0 OR cluster.latest = 0, NULL, (cluster.latest - cluster.earliest) / 86400000) AS span_days,
    if(cluster.latest = 0, NULL, (toUnixTimestamp(toDateTime(cluster.date, 'UTC')) * 1000 - cluster.latest) / 86400000) AS days_since_latest_alert,
    ifNull(alert.alert_count, 0) AS member_alert_count,
    ${severities.map((severity) => `alert.${severity}_count / alert.alert_count AS member_alert_${severity}_share`).join(',\n    ')},
    ifNull(alert.typologies, 0) AS member_typology_count,
    toFloat64(alert.usd) / 1e18 / alert.alert_count AS member_alert_volume_usd_mean,
    alert.usd_max AS member_alert_volume_usd_max,
    toFloat64(alert.confidence_sum) / 1e12 / nullIf(alert.confidence_count, 0) AS member_alert_confidence_mean,
    alert.confidence_max AS member_alert_confidence_max,
    ifNull(profile.known, 0) / nullIf(cluster.size, 0) AS member_known_share,
    ${scores
      .map(
        (
          score,
        ) => `toFloat64(profile.${score}_sum) / 1e12 / nullIf(profile.${score}_count, 0) AS member_${score}_mean,
    profile.${score}_max AS member_${score}_max`,
      )
      .join(',\n    ')},
    toFloat64(profile.log_usd_sum) / 1e12 / profile.known AS member_volume_usd_log1p_mean,
    ${kinds.map(([kind]) => `profile.${kind}_count / profile.known AS member_${kind}_share`).join(',\n    ')},
    profile.degree_sum / profile.known AS member_degree_mean,
    ifNull(flow.inside_count, 0) AS internal_flow_count,
    ifNull(toFloat64(flow.inside_usd) / 1e18, 0) AS internal_flow_usd,
    internal_flow_count / nullIf(toFloat64(cluster.size) * (cluster.size - 1), 0) AS internal_flow_density,
    ifNull(toFloat64(flow.in_usd) / 1e18, 0) AS inflow_usd,
    ifNull(toFloat64(flow.out_usd) / 1e18, 0) AS outflow_usd,
    toFloat64(flow.inside_usd) / nullIf(toFloat64(flow.inside_usd + flow.in_usd + flow.out_usd), 0) AS internal_usd_share
FROM
(
    SELECT processing_date AS date, cluster_id AS id, total_alerts AS alerts, length(arrayDistinct(member_keys)) AS size, total_volume_usd AS usd,
        confidence_avg AS confidence, severity_max AS severity, toInt64(earliest_alert_timestamp) AS earliest, toInt64(latest_alert_timestamp) AS latest
    FROM clusters
) AS cluster
LEFT JOIN
(
    SELECT
        member_date AS alert_date,
        member_of AS alert_cluster,
        count() AS alert_count,
        ${severities.map((severity) => `countIf(level = '${severity}') AS ${severity}_count`).join(',\n        ')},
        uniqExact(typology) AS typologies,
        sum(${wholeAmount('volume')}) AS usd,
        max(volume) AS usd_max,
        countIf(is_confidence) AS confidence_count,
        sum(whole_confidence) AS confidence_sum,
        maxOrNullIf(confidence, is_confidence) AS confidence_max
    FROM
    (
        SELECT processing_date AS own_date, address_key AS own_key, lower(severity) AS level, typology_type AS typology, volume_usd AS volume,
            alert_confidence_score AS confidence, ${isScore('alert_confidence_score')} AS is_confidence, ${wholeScore('alert_confidence_score')} AS whole_confidence
        FROM alerts
    ) AS own
    INNER JOIN members ON own.own_date = members.member_date AND own.own_key = members.member
    GROUP BY alert_date, alert_cluster
) AS alert ON cluster.date = alert.alert_date AND cluster.id = alert.alert_cluster
LEFT JOIN
(
    SELECT
        member_date AS profile_date,
        member_of AS profile_cluster,
        count() AS known,
        ${scores.map((score) => `countIf(is_${score}) AS ${score}_count, sum(whole_${score}) AS ${score}_sum, maxOrNullIf(own_${score}, is_${score}) AS ${score}_max`).join(',\n        ')},
        sum(whole_log_usd) AS log_usd_sum,
        ${kinds.map(([kind]) => `countIf(${kind}) AS ${kind}_count`).join(',\n        ')},
        sum(degree) AS degree_sum
    FROM
    (
        SELECT processing_date AS own_date, address_key AS own_key,
            ${scores.map((score) => `${score} AS own_${score}, ${isScore(score)} AS is_${score}, ${wholeScore(score)} AS whole_${score}`).join(',\n            ')},
            ${wholeScore(log1pSql('total_volume_usd'))} AS whole_log_usd, ${kinds.map(([kind, flag]) => `${flag} AS ${kind}`).join(', ')}, degree_total AS degree
        FROM features
    ) AS own
    INNER JOIN members ON own.own_date = members.member_date AND own.own_key = members.member
    GROUP BY profile_date, profile_cluster
) AS profile ON cluster.date = profile.profile_date AND cluster.id = profile.profile_cluster
LEFT JOIN
(
    SELECT
        member_date AS flow_date,
        member_of AS flow_cluster,
        countIf(outgoing AND inside) AS inside_count,
        sumIf(usd, outgoing AND inside) AS inside_usd,
        sumIf(usd, NOT outgoing AND NOT inside) AS in_usd,
        sumIf(usd, outgoing AND NOT inside) AS out_usd
    FROM
    (
        SELECT member_date, member_of, outgoing, usd,
            (member_date, member_of, other_key) IN (SELECT member_date, member_of, member FROM members) AS inside
        FROM
        (
            SELECT processing_date AS own_date, from_key AS own_key, to_key AS other_key, true AS outgoing, ${wholeAmount('amount_usd_sum')} AS usd
            FROM money_flows
            WHERE from_key != to_key
            UNION ALL
            SELECT processing_date AS own_date, to_key AS own_key, from_key AS other_key, false AS outgoing, ${wholeAmount('amount_usd_sum')} AS usd
            FROM money_flows
            WHERE from_key != to_key
        ) AS own
        INNER JOIN members ON own.own_date = members.member_date AND own.own_key = members.member
    )
    GROUP BY flow_date, flow_cluster
) AS flow ON cluster.date = flow.flow_date AND cluster.id = flow.flow_cluster`,
};
