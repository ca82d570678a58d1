import type { GroupColumn } from '@risk-scoring/contract';

type Described = readonly [name: string, meaning: string, unit?: string];

/** Amounts of money, in USD, over the snapshot's window. */
const money: readonly Described[] = [
  ['total_in_usd', 'volume received'],
  ['total_out_usd', 'volume sent'],
  ['net_flow_usd', 'received minus sent'],
  ['total_volume_usd', 'received plus sent'],
  ['avg_tx_in_usd', 'mean incoming transfer'],
  ['avg_tx_out_usd', 'mean outgoing transfer'],
  ['median_tx_in_usd', 'median incoming transfer'],
  ['median_tx_out_usd', 'median outgoing transfer'],
  ['max_tx_usd', 'largest transfer'],
  ['min_tx_usd', 'smallest transfer'],
  ['avg_daily_volume_usd', 'mean volume per active day'],
  ['khop1_volume_usd', 'volume with direct counterparties'],
  ['khop2_volume_usd', 'volume within two steps'],
  ['khop3_volume_usd', 'volume within three steps'],
];

const counts: readonly Described[] = [
  ['degree_in', 'addresses that sent to it'],
  ['degree_out', 'addresses that it sent to'],
  ['degree_total', 'degree_in plus degree_out'],
  ['unique_counterparties', 'distinct addresses it dealt with'],
  ['tx_in_count', 'incoming transfers'],
  ['tx_out_count', 'outgoing transfers'],
  ['tx_total_count', 'transfers, both ways'],
  ['activity_days', 'days with a transfer', 'days'],
  ['activity_span_days', 'days from the first to the last transfer', 'days'],
  ['unique_assets_in', 'distinct assets received'],
  ['unique_assets_out', 'distinct assets sent'],
  ['kcore', 'largest k such that it is in a k-core of the transfer graph'],
  ['khop1_count', 'addresses one step away'],
  ['khop2_count', 'addresses within two steps'],
  ['khop3_count', 'addresses within three steps'],
  ['outlier_transactions', 'transfers of unusual size'],
  ['unique_recipients_count', 'distinct recipients'],
  ['unique_senders_count', 'distinct senders'],
];

const clock: readonly Described[] = [
  ['peak_hour', 'UTC hour with most transfers', 'hour'],
  ['peak_day', 'weekday with most transfers, Monday 0', 'weekday'],
  ['peak_activity_hour', 'UTC hour with most volume', 'hour'],
  ['peak_activity_day', 'weekday with most volume, Monday 0', 'weekday'],
];

const shapes: readonly Described[] = [
  ['amount_variance', 'variance of the amounts', 'USD²'],
  ['amount_skewness', 'skewness of the amounts'],
  ['amount_kurtosis', 'kurtosis of the amounts'],
  ['volume_std', 'standard deviation of the daily volume', 'USD'],
  ['volume_cv', 'volume_std over the mean daily volume'],
  ['flow_concentration', 'Herfindahl index of volume by counterparty'],
  ['regularity_score', 'how even the times between transfers are'],
  ['burst_factor', 'busiest day over the mean day'],
  ['reciprocity_ratio', 'share of counterparties with transfers both ways'],
  ['flow_diversity', 'entropy of volume over counterparties'],
  ['counterparty_concentration', 'Herfindahl index of transfers by counterparty'],
  ['concentration_ratio', 'largest share of one counterparty'],
  ['velocity_score', 'share of what came in that soon left'],
  ['structuring_score', 'share of near-equal amounts'],
  ['asset_diversity_score', 'diversity of assets'],
  ['hourly_entropy', 'entropy over hours of the day'],
  ['daily_entropy', 'entropy over weekdays'],
  ['weekend_transaction_ratio', 'share of transfers at weekends'],
  ['night_transaction_ratio', 'share of transfers at night'],
  ['small_transaction_ratio', 'share of small transfers'],
  ['consistency_score', 'how alike its days are'],
  ['pagerank', 'PageRank in the transfer graph'],
  ['betweenness', 'betweenness in the transfer graph'],
  ['closeness', 'closeness in the transfer graph'],
  ['clustering_coefficient', 'share of counterparties that deal with each other'],
  ['centrality_score', "SOT's summary of centrality"],
  ['flow_reciprocity_entropy', 'entropy of two-way flows'],
  ['counterparty_stability', 'share of dealings with recurring counterparties'],
  ['flow_burstiness', 'burstiness of flows'],
  ['transaction_regularity', 'regularity of transfers'],
  ['amount_predictability', 'predictability of amounts'],
  ['behavioral_anomaly_score', "SOT's anomaly score of behaviour"],
  ['graph_anomaly_score', "SOT's anomaly score of the graph position"],
  ['neighborhood_anomaly_score', "SOT's anomaly score of the neighbourhood"],
  ['global_anomaly_score', "SOT's overall anomaly score"],
  ['suspicious_pattern_score', "SOT's score of suspicious patterns"],
  ['completeness_score', 'how complete the data of the address is'],
  ['quality_score', 'how good the data of the address is'],
  ['outlier_score', "SOT's outlier score"],
  ['confidence_score', "SOT's confidence in these features"],
];

const flags: readonly Described[] = [
  ['is_exchange_like', 'behaves like an exchange'],
  ['is_whale', 'moves very large amounts'],
  ['is_mixer_like', 'behaves like a mixer'],
  ['is_contract_like', 'behaves like a contract'],
  ['is_new_address', 'first active late in the window'],
  ['is_dormant_reactivated', 'active again after a long pause'],
  ['is_high_volume_trader', 'trades large volumes'],
  ['is_hub_address', 'has very many counterparties'],
  ['is_retail_active', 'small and active'],
  ['is_whale_inactive', 'large and inactive'],
  ['is_retail_inactive', 'small and inactive'],
  ['is_regular_user', 'a regular user'],
];

const missing = 'raw_features has no row for the address in this snapshot';

function describe(list: readonly Described[], kind: GroupColumn['kind'], unit?: string): GroupColumn[] {
  return list.map(([name, meaning, own]) => {
    const shown = own ?? unit;
    return { name, kind, meaning, missing, ...(shown === undefined ? {} : { unit: shown }) };
  });
}

/**
 * Every numeric and boolean column of raw_features but identifiers (community_id names a community of one
 * snapshot only) and the two absolute timestamps, which tell when the data was collected; as days before the
 * processing date they are in the temporal group.
 */
export const addressColumns: readonly GroupColumn[] = [
  ...describe(counts, 'numeric', 'count'),
  ...describe(money, 'numeric', 'USD'),
  ...describe(clock, 'numeric'),
  ...describe(shapes, 'numeric'),
  ...describe(flags, 'boolean'),
];

/** The columns of {@link addressColumns} that are amounts of money. */
export const moneyNames: readonly string[] = money.map(([name]) => name);

/** What is computed from them. */
export const derivedColumns: readonly GroupColumn[] = [
  ...describe(
    money.map(
      ([name, meaning]): Described => [`${name}_log1p`, `ln(1 + |x|) of ${name} with its sign: ${meaning}`],
    ),
    'numeric',
    'log USD',
  ),
  ...describe(
    [
      ['total_volume', 'total_in_usd plus total_out_usd', 'USD'],
      ['volume_ratio', 'total_out_usd over total_in_usd plus 1 USD', 'ratio'],
      ['tx_count_norm', 'tx_total_count over 100'],
      ['unique_counterparties_norm', 'unique_counterparties over 50'],
    ],
    'numeric',
  ),
];
