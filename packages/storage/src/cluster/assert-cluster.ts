import { RiskScoringError } from '@risk-scoring/contract';
import type { Database } from '../database.ts';
import { clusterName } from './cluster-name.ts';

/** The cluster is not there, or its servers are configured so that rows would be read twice or not at all. */
export class ClusterConfigurationError extends RiskScoringError {
  constructor(parts: { summary: string; expected: string; found: string; remedy: string }) {
    super({ code: 'CLUSTER_UNUSABLE', category: 'environment', ...parts });
  }
}

/** A row of system.clusters. Older servers do not tell of internal_replication. */
interface ClusterNode {
  readonly shard_num: number;
  readonly host_name: string;
  readonly internal_replication?: number;
}

/** The macros of one node, empty where it has none of that name. */
interface NodeMacros {
  readonly shard: string;
  readonly replica: string;
}

/**
 * Checks what our tables rely on: that the server knows the cluster, that a Distributed table leaves it to the replicas
 * to copy rows, and that the macros tell every shard and every node apart. Two shards with one `{shard}` would copy each
 * other's rows, and every row would be counted twice.
 *
 * @throws {InvalidInputError} for a name that is no cluster's
 * @throws {ClusterConfigurationError} saying what to change in the servers' configuration
 * @example
 * await assertCluster(database, 'production'); // before the first CREATE … ON CLUSTER
 */
export async function assertCluster(database: Pick<Database, 'query'>, cluster: string): Promise<void> {
  const params = { cluster: clusterName(cluster) };
  const nodes = await database.query<ClusterNode>({
    sql: 'SELECT * FROM system.clusters WHERE cluster = {cluster:String} ORDER BY shard_num, replica_num',
    params,
    doing: 'looking for the cluster',
  });
  if (nodes.length === 0) throw await unknownCluster(database, cluster);
  checkInternalReplication(nodes, cluster);
  const macros = await database.query<NodeMacros>({
    // One row: one node. Each replica counts as a shard in clusterAllReplicas.
    sql: `SELECT anyIf(substitution, macro = 'shard') AS shard, anyIf(substitution, macro = 'replica') AS replica
FROM clusterAllReplicas({cluster:String}, system.macros)
GROUP BY shardNum()
ORDER BY shard, replica`,
    params,
    doing: 'reading the macros of all nodes',
  });
  checkMacros(nodes, macros, cluster);
}

async function unknownCluster(
  database: Pick<Database, 'query'>,
  cluster: string,
): Promise<ClusterConfigurationError> {
  const rows = await database.query<{ cluster: string }>({
    sql: 'SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster',
    doing: 'listing the clusters',
  });
  const known = rows.map((row) => row.cluster).join(', ');
  return new ClusterConfigurationError({
    summary: `The server knows no cluster '${cluster}'.`,
    expected: 'a name that system.clusters lists',
    found: known === '' ? 'no cluster at all' : known,
    remedy: 'correct CLICKHOUSE_CLUSTER, or add the cluster to remote_servers of every server',
  });
}

function checkInternalReplication(nodes: readonly ClusterNode[], cluster: string): void {
  for (const shard of new Set(nodes.map((node) => node.shard_num))) {
    const replicas = nodes.filter((node) => node.shard_num === shard);
    if (replicas.length < 2 || replicas.every((node) => node.internal_replication !== 0)) continue;
    throw new ClusterConfigurationError({
      summary: `Shard ${shard} of the cluster '${cluster}' has rows written to each replica apart.`,
      expected: '<internal_replication>true</internal_replication> in every shard',
      found: `false for ${replicas.map((node) => node.host_name).join(', ')}`,
      remedy: 'set it in remote_servers of every server; the tables copy rows to replicas themselves',
    });
  }
}

function checkMacros(nodes: readonly ClusterNode[], macros: readonly NodeMacros[], cluster: string): void {
  const shards = new Set(nodes.map((node) => node.shard_num)).size;
  const namedShards = new Set(macros.map(({ shard }) => shard)).size;
  const namedNodes = new Set(macros.map(({ shard, replica }) => `${shard}\n${replica}`)).size;
  const complete = macros.every(({ shard, replica }) => shard !== '' && replica !== '');
  if (complete && macros.length === nodes.length && namedShards === shards && namedNodes === nodes.length)
    return;
  throw new ClusterConfigurationError({
    summary: `The macros of the cluster '${cluster}' do not tell its nodes apart.`,
    expected: `the macros shard and replica on each of ${nodes.length} nodes: ${shards} different shards, no two nodes alike in both`,
    found: `${macros.length} nodes with macros: ${macros.map(({ shard, replica }) => `shard '${shard}' replica '${replica}'`).join(', ')}`,
    remedy: 'set <macros><shard>…</shard><replica>…</replica></macros> in the configuration of every server',
  });
}
