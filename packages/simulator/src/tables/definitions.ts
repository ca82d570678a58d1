import { RAW_FEATURES } from './raw-features.ts';
import type { TableDefinition } from './table.ts';

/** One row per alert: an address and a typology. */
export const RAW_ALERTS = {
  window_days: 'uint16',
  processing_date: 'date',
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
  volume_usd: 'usd',
  evidence_json: 'text',
  risk_indicators: 'texts',
  created_at: 'instant',
} as const satisfies TableDefinition;

/** One row per group of alerted addresses. */
export const RAW_CLUSTERS = {
  window_days: 'uint16',
  processing_date: 'date',
  cluster_id: 'text',
  cluster_type: 'text',
  primary_address: 'text',
  pattern_id: 'text',
  primary_alert_id: 'text',
  related_alert_ids: 'texts',
  addresses_involved: 'texts',
  total_alerts: 'uint32',
  total_volume_usd: 'usd',
  severity_max: 'text',
  confidence_avg: 'float32',
  earliest_alert_timestamp: 'uint64',
  latest_alert_timestamp: 'uint64',
  created_at: 'instant',
} as const satisfies TableDefinition;

/** One row per ordered pair of addresses with transfers. */
export const RAW_MONEY_FLOWS = {
  window_days: 'uint16',
  processing_date: 'date',
  from_address: 'text',
  to_address: 'text',
  tx_count: 'uint64',
  amount_sum: 'tokens',
  amount_usd_sum: 'usd',
  first_seen_timestamp: 'uint64',
  last_seen_timestamp: 'uint64',
  active_days: 'uint32',
  avg_tx_size_usd: 'usd',
  unique_assets: 'uint32',
  dominant_asset: 'text',
  hourly_pattern: 'hours',
  weekly_pattern: 'weekdays',
  reciprocity_ratio: 'float32',
  is_bidirectional: 'bool',
  created_at: 'instant',
} as const satisfies TableDefinition;

/** One row per address and source that says something of it. */
export const RAW_ADDRESS_LABELS = {
  window_days: 'uint16',
  processing_date: 'date',
  network: 'text',
  address: 'text',
  label: 'text',
  network_type: 'text',
  address_type: 'text',
  address_subtype: 'text',
  risk_level: 'text',
  confidence_score: 'float32',
  trust_level: 'text',
  source: 'text',
} as const satisfies TableDefinition;

/** The files of a snapshot folder and what is in them. */
export const SNAPSHOT_FILES = {
  'raw_alerts.parquet': RAW_ALERTS,
  'raw_features.parquet': RAW_FEATURES,
  'raw_clusters.parquet': RAW_CLUSTERS,
  'raw_money_flows.parquet': RAW_MONEY_FLOWS,
  'raw_address_labels.parquet': RAW_ADDRESS_LABELS,
} as const;

/** The name of a file in a snapshot folder, besides META.json. */
export type SnapshotFile = keyof typeof SNAPSHOT_FILES;
