import type { TrainingTable } from '@risk-scoring/contract';
import type { ColumnKind, RowOf, TableColumns } from './column-kinds.ts';

// The columns of the published tables, as `SELECT *` on their views gives them, without what belongs to
// ingestion (batch_id, created_at).

const snapshotColumns = { window_days: 'uint16', processing_date: 'date' } as const;

const alertColumns = {
  ...snapshotColumns,
  alert_id: 'text',
  address: 'text',
  typology_type: 'text',
  pattern_id: 'text',
  pattern_type: 'text',
  severity: 'text',
  suspected_address_type: 'text',
  suspected_address_subtype: 'text',
  alert_confidence_score: 'float32',
  description: 'text',
  volume_usd: 'decimal',
  evidence_json: 'text',
  risk_indicators: 'texts',
  label: 'nullableInt8',
  /** 1 proxy, 2 miner, 3 community, 4 validated: an Enum8 comes as its code. */
  label_source: 'nullableInt8',
  label_confidence: 'nullableFloat32',
  /** Unix seconds. */
  labeled_at: 'nullableUint32',
  labeled_by: 'nullableText',
} as const satisfies TableColumns;

const featureColumns = {
  ...snapshotColumns,
  address: 'text',
  ...all('uint32', ['degree_in', 'degree_out', 'degree_total', 'unique_counterparties']),
  ...all('decimal', ['total_in_usd', 'total_out_usd', 'net_flow_usd', 'total_volume_usd']),
  ...all('decimal', ['avg_tx_in_usd', 'avg_tx_out_usd', 'median_tx_in_usd', 'median_tx_out_usd']),
  ...all('decimal', ['max_tx_usd', 'min_tx_usd', 'avg_daily_volume_usd']),
  ...all('float64', ['amount_variance', 'amount_skewness', 'amount_kurtosis', 'volume_std', 'volume_cv']),
  ...all('float64', ['flow_concentration']),
  ...all('uint64', ['tx_in_count', 'tx_out_count', 'tx_total_count']),
  ...all('uint64', ['first_activity_timestamp', 'last_activity_timestamp']),
  ...all('uint32', ['activity_days', 'activity_span_days', 'unique_assets_in', 'unique_assets_out']),
  ...all('uint8', ['peak_hour', 'peak_day', 'peak_activity_hour', 'peak_activity_day']),
  ...all('float32', ['regularity_score', 'burst_factor', 'reciprocity_ratio', 'flow_diversity']),
  ...all('float32', ['counterparty_concentration', 'concentration_ratio', 'velocity_score']),
  ...all('float32', ['structuring_score', 'asset_diversity_score', 'hourly_entropy', 'daily_entropy']),
  ...all('float32', ['weekend_transaction_ratio', 'night_transaction_ratio', 'small_transaction_ratio']),
  ...all('float32', ['consistency_score', 'pagerank', 'betweenness', 'closeness', 'clustering_coefficient']),
  ...all('uint32', ['kcore', 'community_id', 'khop1_count', 'khop2_count', 'khop3_count']),
  ...all('decimal', ['khop1_volume_usd', 'khop2_volume_usd', 'khop3_volume_usd']),
  ...all('float32', ['centrality_score', 'flow_reciprocity_entropy', 'counterparty_stability']),
  ...all('float32', ['flow_burstiness', 'transaction_regularity', 'amount_predictability']),
  ...all('float32', ['behavioral_anomaly_score', 'graph_anomaly_score', 'neighborhood_anomaly_score']),
  ...all('float32', ['global_anomaly_score', 'suspicious_pattern_score', 'completeness_score']),
  ...all('float32', ['quality_score', 'outlier_score', 'confidence_score']),
  ...all('uint32', ['outlier_transactions', 'unique_recipients_count', 'unique_senders_count']),
  ...all('bool', ['is_exchange_like', 'is_whale', 'is_mixer_like', 'is_contract_like', 'is_new_address']),
  ...all('bool', ['is_dormant_reactivated', 'is_high_volume_trader', 'is_hub_address', 'is_retail_active']),
  ...all('bool', ['is_whale_inactive', 'is_retail_inactive', 'is_regular_user']),
  ...all('text', ['dominant_asset_in', 'dominant_asset_out']),
  ...all('uint16s', ['hourly_activity', 'daily_activity']),
} as const satisfies TableColumns;

const clusterColumns = {
  ...snapshotColumns,
  ...all('text', ['cluster_id', 'cluster_type', 'primary_address', 'pattern_id', 'primary_alert_id']),
  ...all('texts', ['related_alert_ids', 'addresses_involved']),
  total_alerts: 'uint32',
  total_volume_usd: 'decimal',
  severity_max: 'text',
  confidence_avg: 'float32',
  ...all('uint64', ['earliest_alert_timestamp', 'latest_alert_timestamp']),
} as const satisfies TableColumns;

const moneyFlowColumns = {
  ...snapshotColumns,
  ...all('text', ['from_address', 'to_address']),
  tx_count: 'uint64',
  ...all('decimal', ['amount_sum', 'amount_usd_sum']),
  ...all('uint64', ['first_seen_timestamp', 'last_seen_timestamp']),
  active_days: 'uint32',
  avg_tx_size_usd: 'decimal',
  unique_assets: 'uint32',
  dominant_asset: 'text',
  ...all('uint16s', ['hourly_pattern', 'weekly_pattern']),
  reciprocity_ratio: 'float32',
  is_bidirectional: 'bool',
} as const satisfies TableColumns;

const addressLabelColumns = {
  ...snapshotColumns,
  ...all('text', ['network', 'address', 'label', 'network_type', 'address_type', 'address_subtype']),
  risk_level: 'text',
  confidence_score: 'float32',
  ...all('text', ['trust_level', 'source']),
} as const satisfies TableColumns;

/** A row of `TrainingData.alerts`. */
export type AlertRow = RowOf<typeof alertColumns>;
/** A row of `TrainingData.features`. */
export type FeatureRow = RowOf<typeof featureColumns>;
/** A row of `TrainingData.clusters`. */
export type ClusterRow = RowOf<typeof clusterColumns>;
/** A row of `TrainingData.moneyFlows`. */
export type MoneyFlowRow = RowOf<typeof moneyFlowColumns>;
/** A row of `TrainingData.addressLabels`. */
export type AddressLabelRow = RowOf<typeof addressLabelColumns>;

/** The columns of every table of a period. */
export const TABLE_COLUMNS: Readonly<Record<TrainingTable, TableColumns>> = {
  alerts: alertColumns,
  features: featureColumns,
  clusters: clusterColumns,
  moneyFlows: moneyFlowColumns,
  addressLabels: addressLabelColumns,
};

/** The defaults of the published tables, where they are not the empty value of the kind. */
export const TABLE_DEFAULTS: Readonly<Record<TrainingTable, Readonly<Record<string, unknown>>>> = {
  alerts: { severity: 'medium', suspected_address_type: 'unknown' },
  features: { hourly_activity: new Array(24).fill(0), daily_activity: new Array(7).fill(0) },
  clusters: { severity_max: 'medium' },
  moneyFlows: { hourly_pattern: new Array(24).fill(0), weekly_pattern: new Array(7).fill(0) },
  addressLabels: { address_type: 'unknown', risk_level: 'medium', confidence_score: 0.5 },
};

function all<Kind extends ColumnKind, const Name extends string>(
  kind: Kind,
  names: readonly Name[],
): { readonly [Key in Name]: Kind } {
  return Object.fromEntries(names.map((name) => [name, kind])) as { readonly [Key in Name]: Kind };
}
