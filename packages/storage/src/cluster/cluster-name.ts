import { InvalidInputError } from '@risk-scoring/contract';

const clusterPattern = /^[A-Za-z0-9_]{1,64}$/;

/**
 * The name of a cluster, checked: it becomes part of SQL and of a path in Keeper.
 *
 * @throws {InvalidInputError} for a name that is not 1 to 64 of A–Z, a–z, 0–9 and _
 * @example
 * clusterName('production'); // 'production'
 */
export function clusterName(cluster: string): string {
  if (!clusterPattern.test(cluster)) {
    throw new InvalidInputError({
      what: 'The name of the ClickHouse cluster',
      expected: '1 to 64 characters of A-Z, a-z, 0-9 and _',
      found: cluster,
      remedy: 'set CLICKHOUSE_CLUSTER to a name that system.clusters lists',
    });
  }
  return cluster;
}

/**
 * What makes a DDL statement run on every node of a cluster.
 *
 * @throws {InvalidInputError} as {@link clusterName} does
 * @example
 * `CREATE DATABASE IF NOT EXISTS risk_scoring_ethereum ${onCluster('production')}`; // … ON CLUSTER 'production'
 */
export function onCluster(cluster: string): string {
  return `ON CLUSTER '${clusterName(cluster)}'`;
}
