import { addressKeySql } from '../address-key-sql.ts';
import { ClusterStatementError } from './cluster-statement-error.ts';

/**
 * Where the rows of a table or view stand on a cluster.
 *
 * - `sharded`: each row on one shard, chosen by the hash of `by`. Tables of one `key` have the rows of one
 *   address (or cluster of alerts) on the same shard, so that joining them on that key needs no network.
 * - `everywhere`: every row on every node.
 */
export type Placement =
  | { readonly kind: 'sharded'; readonly by: string; readonly key: 'address' | 'cluster' }
  | { readonly kind: 'everywhere' };

const everywhere: Placement = { kind: 'everywhere' };
const byAddress = (column = 'address'): Placement => ({
  kind: 'sharded',
  by: addressKeySql(column),
  key: 'address',
});
// Not by primary_address, which may be empty: all such clusters would stand on one shard, and away from their scores.
const byCluster: Placement = { kind: 'sharded', by: 'cluster_id', key: 'cluster' };

/**
 * Every table and view that a migration ever made. Large ones are sharded; the small ones that say what counts stand
 * everywhere, so that the view of a shard asks its own node which batches are published. miner_labels are
 * sharded like the published labels they are read with.
 */
export const placement: Readonly<Record<string, Placement>> = {
  raw_alerts: byAddress(),
  raw_features: byAddress(),
  raw_address_labels: byAddress(),
  raw_money_flows: byAddress('from_address'),
  raw_clusters: byCluster,
  miner_labels: byAddress(),
  alert_scores: byAddress(),
  alert_rankings: byAddress(),
  cluster_scores: byCluster,

  published_alerts: byAddress(),
  published_features: byAddress(),
  published_address_labels: byAddress(),
  published_money_flows: byAddress('from_address'),
  published_clusters: byCluster,
  published_miner_labels: byAddress(),
  published_alert_scores: byAddress(),
  published_alert_rankings: byAddress(),
  published_cluster_scores: byCluster,

  schema_migrations: everywhere,
  ingestions: everywhere,
  batch_metadata: everywhere,
  trained_models: everywhere,
  model_aliases: everywhere,
  served_network: everywhere,
  hidden_labels: everywhere,
  entity_addresses: everywhere,
  published_entity_addresses: everywhere,
  published_batches: everywhere,
  published_table_batches: everywhere,
  published_label_sets: everywhere,
  published_score_batches: everywhere,
};

/** Where a table or view stands, or undefined where nobody placed it. */
export function placementOf(table: string): Placement | undefined {
  return Object.hasOwn(placement, table) ? placement[table] : undefined;
}

/**
 * Where a table or view stands.
 *
 * @param statement the statement that names it, for the message
 * @throws {ClusterStatementError} where nobody placed it
 */
export function requirePlacement(table: string, statement = table): Placement {
  const place = placementOf(table);
  if (place === undefined) {
    throw new ClusterStatementError({
      statement,
      reason: `placement.ts does not say where '${table}' stands`,
    });
  }
  return place;
}

/**
 * The table (or view) that holds a node's own rows: what a DELETE on a cluster names, since a
 * Distributed table cannot delete. Tables that stand everywhere keep their name.
 *
 * @throws {ClusterStatementError} for a table that is not placed
 * @example
 * localTable('raw_alerts'); // 'raw_alerts_local'
 * localTable('ingestions'); // 'ingestions'
 */
export function localTable(table: string): string {
  return requirePlacement(table).kind === 'sharded' ? `${table}_local` : table;
}
