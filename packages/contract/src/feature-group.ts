import type { FeatureColumn } from './feature-matrix.ts';
import type { SpecificationVersion } from './version.ts';

/** A column as its group declares it; the group's name is added. */
export type GroupColumn = Omit<FeatureColumn, 'group'>;

/** What one row of a group's SELECT is about. */
export type FeatureRow = 'alert' | 'address' | 'cluster';

/**
 * Some features that belong together, computed by one SELECT in ClickHouse. One of the things a miner replaces or adds.
 *
 * The SELECT reads relations that the pipeline provides, never a table. They hold what was published, and nothing later than the
 * snapshot it is run for, so a group cannot look ahead:
 *
 * - `alerts`, `features`, `clusters`, `money_flows`: the rows of the snapshot, columns named as SOT names them. `alerts` without the
 *   columns of labels.
 * - `earlier_alerts`, `earlier_features`, `earlier_clusters`, `earlier_money_flows`: those of all earlier snapshots of the same window.
 * - `labelled_flows`, `labelled_peers`: labels of the addresses around an address, only with {@link readsLabels}.
 * - `other_networks`, `other_alerts`, `other_features`: what is known of the same address on other networks, only with {@link otherNetworks}.
 *
 * `address_key` (of money flows `from_key` and `to_key`, of clusters the array `member_keys`) is the number under which addresses
 * are compared: join by it, never by the text, which may differ in the letter case of a checksum.
 *
 * The SELECT gives `processing_date`, the key of its rows and the declared columns by name, all numbers, NULL where unknown:
 *
 * - per `alert` (usual): `alert_id`, exactly one row for every alert;
 * - per `address`: `address_key`, at most one row for an address and date. Every alert gets the row of its address, or
 *   each column's `absent` where there is none. Half the work where the columns know only the address;
 * - per `cluster`: `cluster_id`, exactly one row for every cluster.
 *
 * It must give the same bits for the same rows in any order: sum decimals or integers, not floats, and order what is
 * picked (`argMax(x, tuple(date, key))`). It may bind `{window_days:UInt16}` and for each declared encoding
 * `{encoding_<name>:Array(String)}`. What a LEFT JOIN does not find is NULL.
 *
 * @example
 * const group: FeatureGroup = {
 *   specificationVersion: 'v1', name: 'my-ids', per: 'alert',
 *   columns: [{ name: 'id_length', kind: 'numeric', meaning: 'length of the alert id', missing: 'never missing' }],
 *   sql: 'SELECT processing_date, alert_id, length(alert_id) AS id_length FROM alerts',
 * };
 */
export interface FeatureGroup {
  readonly specificationVersion: SpecificationVersion;
  /** Lower-case letters, digits, `-` and `_`; unique among the groups of a model. */
  readonly name: string;
  readonly per: FeatureRow;
  readonly columns: readonly GroupColumn[];
  /** Text columns of raw_alerts whose values become codes, by the encoding's name: `{ typology: 'typology_type' }`. */
  readonly encodings?: Readonly<Record<string, string>>;
  /**
   * Whether one run may compute several snapshots, which saves planning a query for each. The relations then hold the rows of all of
   * them, told apart by `processing_date`, and the `earlier_` ones those before the first: the SELECT itself has to see to it that a row
   * uses no later date. Only the product's own groups are believed; for all others a run computes one snapshot, so they cannot look ahead.
   */
  readonly severalSnapshots?: boolean;
  /** Whether it may read labels. Its columns are then computed anew for every fold of a cross-validation. */
  readonly readsLabels?: boolean;
  /** Other networks whose databases it reads, where they are there: `['bsc']`. */
  readonly otherNetworks?: readonly string[];
  readonly sql: string;
}
