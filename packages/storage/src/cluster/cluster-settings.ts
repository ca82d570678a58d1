/**
 * What every query to a cluster sets, whatever the profile of its user says. Where a promise cannot be kept the query
 * fails; it never answers with a part.
 */
export const clusterSettings = {
  /** A subquery or join of two sharded tables sends the right side to all shards: right for any key. 'local' loses
   * the rows whose match stands on another shard and says nothing; 'deny', the default, fails. See {@link colocatedJoin}. */
  distributed_product_mode: 'global',
  /** A shard that does not answer fails the query, which would otherwise read the other shards only. */
  skip_unavailable_shards: 0,
  /** Where every replica of a shard lags too far behind, the query fails, which would otherwise read an old state. */
  fallback_to_stale_replicas_for_distributed_queries: 0,
  /** A replica that has not yet got what a quorum has refuses the query (error 289: ask again, it catches up). */
  select_sequential_consistency: 1,

  /** An insert returns once the shards have the rows; by default they wait on the disk of the node that was asked. */
  distributed_foreground_insert: 1,
  /** An insert is written by its own query, not from a buffer shared with others, which a newer server would use. */
  async_insert: 0,
  /** An insert returns once most replicas have the rows (all of two; with one replica there is nothing to wait for). */
  insert_quorum: 'auto',
  /** One quorum insert into a table at a time, which select_sequential_consistency needs; a second one fails (error 286). */
  insert_quorum_parallel: 0,
  /** INSERT … SELECT sends each row where its key belongs, not from each shard to itself whatever became of the key. */
  parallel_distributed_insert_select: 0,

  /** ALTER returns once all replicas have changed. */
  alter_sync: 2,
  /** ALTER … DELETE returns once all replicas have deleted. */
  mutations_sync: 2,
  /** DELETE FROM returns once all replicas have deleted. */
  lightweight_deletes_sync: 2,
  /** ON CLUSTER waits this many seconds for all nodes; the client's request_timeout has to be longer. */
  distributed_ddl_task_timeout: 180,
  /** … and fails where a node failed or did not answer in that time (it will still run the statement later). */
  distributed_ddl_output_mode: 'throw',
} as const satisfies Readonly<Record<string, string | number>>;

/**
 * For one query whose FROM names a published table itself (no subquery) and whose joins and INs compare the very key that both
 * tables are sharded by: each shard then joins its own rows and no table is sent around. On any other key it loses rows.
 *
 * @example
 * `SELECT … FROM published_alerts AS alert LEFT JOIN (SELECT … FROM published_features) AS feature ON <address key> = <address key>`;
 */
export const colocatedJoin = { distributed_product_mode: 'local' } as const;
