/** A table that files are ingested into. */
export interface IngestTable {
  /** `raw_alerts`; its file in a snapshot folder is `raw_alerts.parquet`. */
  readonly name: IngestTableName;
  /** The view of published rows, which is what everybody reads. */
  readonly view: string;
  /** What is unique within a snapshot; empty where rows may repeat. */
  readonly key: readonly string[];
  /** What a reader calls a row by, for messages. */
  readonly naming: readonly string[];
  /** The columns that say which snapshot (or data set) a row belongs to. */
  readonly scope: readonly string[];
  /** Whether its rows may be of any network, and not of the database's own alone. */
  readonly anyNetwork?: boolean;
}

/** A table that SOT publishes. */
export interface RawTable extends IngestTable {
  readonly name: RawTableName;
}

/** The names of the tables that SOT publishes. */
export type RawTableName =
  | 'raw_alerts'
  | 'raw_features'
  | 'raw_clusters'
  | 'raw_money_flows'
  | 'raw_address_labels';

/** The names of the tables that files are ingested into. */
export type IngestTableName = RawTableName | 'miner_labels' | 'entity_addresses';

const snapshot = ['window_days', 'processing_date'] as const;
const dataSet = ['data_set', 'data_set_version'] as const;

/** Whether the rows of a table belong to data sets, and not to snapshots. */
export function isOfDataSets(table: Pick<IngestTable, 'scope'>): boolean {
  return table.scope.includes('data_set');
}

/** The tables of a snapshot; each must be in its folder. */
export const RAW_TABLES: readonly RawTable[] = [
  { name: 'raw_alerts', view: 'published_alerts', key: ['alert_id'], naming: ['alert_id'], scope: snapshot },
  {
    name: 'raw_features',
    view: 'published_features',
    key: ['address'],
    naming: ['address'],
    scope: snapshot,
  },
  {
    name: 'raw_clusters',
    view: 'published_clusters',
    key: ['cluster_id'],
    naming: ['cluster_id'],
    scope: snapshot,
  },
  {
    name: 'raw_money_flows',
    view: 'published_money_flows',
    key: ['from_address', 'to_address'],
    naming: ['from_address', 'to_address'],
    scope: snapshot,
  },
  {
    name: 'raw_address_labels',
    view: 'published_address_labels',
    key: [],
    naming: ['address'],
    scope: snapshot,
  },
];

/** The tables that a single file may be ingested into: those of a snapshot, and what a miner knows: labels, and who is who across networks. */
export const INGEST_TABLES: readonly IngestTable[] = [
  ...RAW_TABLES,
  {
    name: 'miner_labels',
    view: 'published_miner_labels',
    key: [],
    naming: ['address'],
    scope: dataSet,
  },
  {
    name: 'entity_addresses',
    view: 'published_entity_addresses',
    key: [],
    naming: ['entity', 'network', 'address'],
    scope: dataSet,
    anyNetwork: true,
  },
];

/** Tables whose inserts are told apart by a token, so that one sent twice is taken once (migration 0014). */
export const DEDUPLICATED_TABLES: ReadonlySet<string> = new Set([
  'ingestions',
  'batch_metadata',
  'trained_models',
  'model_aliases',
  'alert_scores',
  'alert_rankings',
  'cluster_scores',
]);
