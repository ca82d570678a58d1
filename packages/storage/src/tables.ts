/** A table that SOT publishes. */
export interface RawTable {
  /** `raw_alerts`; its file in a snapshot folder is `raw_alerts.parquet`. */
  readonly name: RawTableName;
  /** The view of published rows, which is what everybody reads. */
  readonly view: string;
  /** What is unique within a snapshot; empty where rows may repeat. */
  readonly key: readonly string[];
}

/** The names of the tables that SOT publishes. */
export type RawTableName =
  | 'raw_alerts'
  | 'raw_features'
  | 'raw_clusters'
  | 'raw_money_flows'
  | 'raw_address_labels';

/** The tables of a snapshot; each must be in its folder. */
export const RAW_TABLES: readonly RawTable[] = [
  { name: 'raw_alerts', view: 'published_alerts', key: ['alert_id'] },
  { name: 'raw_features', view: 'published_features', key: ['address'] },
  { name: 'raw_clusters', view: 'published_clusters', key: ['cluster_id'] },
  { name: 'raw_money_flows', view: 'published_money_flows', key: ['from_address', 'to_address'] },
  { name: 'raw_address_labels', view: 'published_address_labels', key: [] },
];
