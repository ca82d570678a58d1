import { setTimeout } from 'node:timers/promises';
import { InvalidInputError, throwIfCancelled } from '@risk-scoring/contract';
import type { Database } from './database.ts';
import { DatabaseError } from './errors.ts';
import { STAGING_PREFIX } from './ingestion/numbered-rows.ts';
import { INGEST_TABLES, isOfDataSets } from './tables.ts';

/** Options of {@link vacuum}. */
export interface VacuumOptions {
  /** Rows that were replaced later than this stay: somebody may still read them. Defaults to 24. */
  readonly olderThanHours?: number;
  /**
   * Rows that were never published and are younger than this stay: somebody may be writing them. Defaults to `olderThanHours`, and on a
   * server, where others may be at work, to an hour at least.
   */
  readonly unfinishedOlderThanHours?: number;
  /** Only count. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly table: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** What was dropped from one table. */
export interface VacuumedTable {
  readonly table: string;
  readonly batches: number;
  readonly rows: number;
}

/** A table whose rows belong to batches, and which of them count. */
interface BatchedTable {
  readonly table: string;
  /** What a row's snapshot, data set or model is, as `successors` names it. */
  readonly scope: string;
  /** SELECT of the batches that readers see. */
  readonly published: string;
  /** SELECT of the batches that readers saw at any time; the others were never finished, or are not yet. */
  readonly everPublished: string;
  /** SELECT of (in_scope, since): since when the newest batch of a scope counts. */
  readonly successors: string;
}

/** Ids are bound, and a server takes only so long a request. */
const BATCHES_PER_STATEMENT = 1000;

const snapshotScope = `concat(toString(processing_date), '/', toString(window_days))`;

const batchedTables: readonly BatchedTable[] = [
  ...INGEST_TABLES.map(({ name, scope }) => ({
    table: name,
    scope: isOfDataSets({ scope }) ? `concat(data_set, '@', data_set_version)` : snapshotScope,
    published: `SELECT published_batch_id FROM published_table_batches WHERE table_name = '${name}'`,
    everPublished: `SELECT table_batches['${name}'] FROM ingestions`,
    successors: `SELECT ${isOfDataSets({ scope }) ? 'scope' : snapshotScope} AS in_scope, max(newest_published_at) AS since
FROM published_table_batches WHERE table_name = '${name}' GROUP BY in_scope`,
  })),
  ...['alert_scores', 'alert_rankings', 'cluster_scores'].map((name) => ({
    table: name,
    scope: `concat(${snapshotScope}, '/', model_id)`,
    published: 'SELECT published_batch_id FROM published_score_batches',
    everPublished: 'SELECT batch_id FROM batch_metadata',
    successors: `SELECT concat(${snapshotScope}, '/', arrayJoin(model_ids)) AS in_scope, max(created_at) AS since
FROM batch_metadata WHERE status = 'complete' GROUP BY in_scope`,
  })),
];

/**
 * Drops rows that no reader sees any more: those of batches that were replaced, and of batches that were never published because
 * the process writing them ended. Rows without a batch, which a user inserted by hand, are never touched.
 *
 * @returns one entry per table that had such rows
 * @throws {InvalidInputError} for an age that is none
 * @example
 * await vacuum(database, { olderThanHours: 0 }); // [{ table: 'raw_alerts', batches: 1, rows: 698 }, …]
 */
export async function vacuum(database: Database, options: VacuumOptions = {}): Promise<VacuumedTable[]> {
  const { olderThanHours = 24, dryRun = false, signal, onProgress } = options;
  const atLeast = database.engine.kind === 'server' ? 1 : 0;
  const hours = {
    replaced: olderThanHours,
    unfinished: options.unfinishedOlderThanHours ?? Math.max(olderThanHours, atLeast),
  };
  for (const age of Object.values(hours)) {
    if (age >= 0 && age <= 1_000_000) continue;
    throw new InvalidInputError({
      what: 'The age of rows to drop',
      expected: 'hours, 0 to 1,000,000',
      found: age,
      remedy: 'write for example --older-than 24',
    });
  }
  const dropped: VacuumedTable[] = [];
  for (const [index, batched] of batchedTables.entries()) {
    throwIfCancelled(signal, `dropping rows of ${batched.table}`);
    const dead = await deadBatches(database, batched, hours);
    if (dead.length > 0) {
      if (!dryRun)
        await beginDrop(
          database,
          batched.table,
          dead.map(({ batch }) => batch),
        );
      dropped.push({
        table: batched.table,
        batches: dead.length,
        rows: dead.reduce((sum, { rows }) => sum + rows, 0),
      });
    }
    onProgress?.({ table: batched.table, done: index + 1, total: batchedTables.length });
  }
  if (!dryRun) {
    await waitForDrops(
      database,
      dropped.map(({ table }) => table),
      signal,
    );
  }
  return [...dropped, ...(await dropStaging(database, hours.unfinished, dryRun))];
}

/**
 * Batches of a table that do not count and are old enough: a replaced one since its successor was published, another one
 * since its id was made, which tells the time (UUID version 7; other ids are of no known age, and old).
 */
async function deadBatches(
  database: Database,
  { table, scope, published, everPublished, successors }: BatchedTable,
  hours: { readonly replaced: number; readonly unfinished: number },
): Promise<{ batch: string; rows: number }[]> {
  return database.query<{ batch: string; rows: number }>({
    sql: `SELECT batch_rows.batch AS batch, toFloat64(sum(batch_rows.n)) AS rows
FROM (
    SELECT toString(batch_id) AS batch, ${scope} AS of_scope, count() AS n
    FROM ${table}
    WHERE batch_id != ''
    GROUP BY batch, of_scope
) AS batch_rows
LEFT JOIN (${successors}) AS successor ON successor.in_scope = batch_rows.of_scope
GROUP BY batch
HAVING batch NOT IN (${published})
    AND if(
        batch IN (${everPublished}),
        max(toDateTime64(ifNull(successor.since, toDateTime64(0, 3, 'UTC')), 3, 'UTC')) <= now64(3, 'UTC') - toIntervalSecond({replaced:UInt64}),
        max(if(
            substring(batch_rows.batch, 15, 1) = '7',
            UUIDv7ToDateTime(toUUIDOrZero(substring(batch_rows.batch, 1, 36)), 'UTC'),
            toDateTime64(0, 3, 'UTC')
        )) <= now64(3, 'UTC') - toIntervalSecond({unfinished:UInt64})
    )
ORDER BY batch`,
    params: {
      replaced: Math.round(hours.replaced * 3600),
      unfinished: Math.round(hours.unfinished * 3600),
    },
    doing: `looking for rows of ${table} that no longer count`,
  });
}

/**
 * Begins to drop a table's batches. The engine rewrites parts in the background and takes seconds to begin, so all tables are begun
 * before any is waited for; a cluster waits for all its nodes at once.
 */
async function beginDrop(database: Database, table: string, batches: readonly string[]): Promise<void> {
  for (let from = 0; from < batches.length; from += BATCHES_PER_STATEMENT) {
    await database.command({
      sql: `ALTER TABLE ${database.mutable(table)} DELETE WHERE batch_id IN {batches:Array(String)}`,
      params: { batches: batches.slice(from, from + BATCHES_PER_STATEMENT) },
      settings: { mutations_sync: database.engine.cluster === undefined ? '0' : '2' },
      doing: `dropping rows of ${table} that no longer count`,
    });
  }
}

/** Waits until the engine has dropped them. */
async function waitForDrops(
  database: Database,
  tables: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const doing = `dropping rows of ${tables.join(', ')} that no longer count`;
  while (tables.length > 0 && database.engine.cluster === undefined) {
    throwIfCancelled(signal, `${doing} (the engine goes on by itself)`);
    const [state] = await database.query<{ running: number; failure: string }>({
      sql: `SELECT toFloat64(count()) AS running, max(latest_fail_reason) AS failure
FROM system.mutations
WHERE database = currentDatabase() AND NOT is_done AND table IN {tables:Array(String)}`,
      params: { tables },
      doing,
    });
    if (state === undefined || state.running === 0) return;
    if (state.failure !== '') throw new DatabaseError({ doing, cause: new Error(state.failure) });
    await setTimeout(100);
  }
}

/** Tables that a killed ingestion had laid a file aside in, to look into it. */
async function dropStaging(database: Database, hours: number, dryRun: boolean): Promise<VacuumedTable[]> {
  const tables = await database.query<{ name: string; rows: number }>({
    sql: `SELECT name, toFloat64(ifNull(total_rows, 0)) AS rows
FROM system.tables
WHERE database = currentDatabase()
    AND startsWith(name, {prefix:String})
    AND metadata_modification_time <= now() - toIntervalSecond({seconds:UInt64})
ORDER BY name`,
    params: { prefix: STAGING_PREFIX, seconds: Math.round(hours * 3600) },
    doing: 'looking for tables that a killed ingestion left',
  });
  for (const { name } of dryRun ? [] : tables) {
    await database.command({
      sql: 'DROP TABLE IF EXISTS {name:Identifier}',
      params: { name },
      doing: `dropping ${name}`,
    });
  }
  return tables.map(({ name, rows }) => ({ table: name, batches: 1, rows }));
}
