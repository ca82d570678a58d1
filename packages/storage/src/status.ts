import type { Database } from './database.ts';
import { INGEST_TABLES } from './tables.ts';

/** One table of a network's database. */
export interface TableStatus {
  readonly table: string;
  /** Rows that readers see. */
  readonly rows: number;
  /** Rows on disk besides: replaced, or never published. `vacuum` drops them. */
  readonly deadRows: number;
  /** Bytes on disk, compressed. */
  readonly bytes: number;
}

/** One snapshot that counts. */
export interface SnapshotStatus {
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  /** Visible rows per table. */
  readonly rows: Readonly<Record<string, number>>;
  /** When its newest batch was published, in UTC; undefined for rows inserted by hand. */
  readonly publishedAt: string | undefined;
}

/** One ingestion, as recorded. */
export interface IngestionStatus {
  readonly batchId: string;
  readonly publishedAt: string;
  /** `2020-01-01, window 30`, or the data set. */
  readonly scope: string;
  readonly source: string;
  readonly rows: Readonly<Record<string, number>>;
  /** Whether any of its rows still count. */
  readonly current: boolean;
}

/** What a network's database holds. */
export interface DatabaseStatus {
  readonly network: string;
  readonly database: string;
  readonly engine: 'embedded' | 'server';
  readonly location: string;
  readonly version: string;
  readonly tables: readonly TableStatus[];
  readonly snapshots: readonly SnapshotStatus[];
  /** Newest first. */
  readonly ingestions: readonly IngestionStatus[];
}

const otherTables = [
  { name: 'alert_scores', view: 'published_alert_scores' },
  { name: 'alert_rankings', view: 'published_alert_rankings' },
  { name: 'cluster_scores', view: 'published_cluster_scores' },
  { name: 'trained_models', view: 'trained_models' },
];

/**
 * What a network's database holds: tables with rows and sizes, snapshots, and the last ingestions.
 *
 * @param options.ingestions how many ingestions to list; 10 by default
 * @example
 * const { snapshots } = await databaseStatus(database);
 */
export async function databaseStatus(
  database: Database,
  options: { readonly ingestions?: number } = {},
): Promise<DatabaseStatus> {
  const [version] = await database.query<{ version: string }>({
    sql: 'SELECT version() AS version',
    doing: 'asking for the version',
  });
  return {
    network: database.network,
    database: database.name,
    engine: database.engine.kind,
    location: database.engine.location,
    version: version?.version ?? '',
    tables: await tableStatus(database),
    snapshots: await snapshotStatus(database),
    ingestions: await lastIngestions(database, options.ingestions ?? 10),
  };
}

async function tableStatus(database: Database): Promise<TableStatus[]> {
  const sizes = await sizesOf(database);
  const status: TableStatus[] = [];
  for (const { name, view } of [...INGEST_TABLES, ...otherTables]) {
    const [counted] = await database.query<{ seen: number; stored: number }>({
      sql: `SELECT toFloat64((SELECT count() FROM ${view})) AS seen, toFloat64((SELECT count() FROM ${name})) AS stored`,
      doing: `counting the rows of ${name}`,
    });
    const { seen = 0, stored = 0 } = counted ?? {};
    status.push({ table: name, rows: seen, deadRows: stored - seen, bytes: sizes.get(name) ?? 0 });
  }
  return status;
}

async function sizesOf(database: Database): Promise<Map<string, number>> {
  const { cluster } = database.engine;
  const parts = cluster === undefined ? 'system.parts' : 'clusterAllReplicas({cluster:String}, system.parts)';
  const rows = await database.query<{ name: string; bytes: number }>({
    sql: `SELECT replaceRegexpOne(table, '_local$', '') AS name, toFloat64(sum(bytes_on_disk)) AS bytes
FROM ${parts}
WHERE database = {database:String} AND active
GROUP BY name`,
    params: { database: database.name, ...(cluster === undefined ? {} : { cluster }) },
    doing: 'reading the sizes of the tables',
  });
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

async function snapshotStatus(database: Database): Promise<SnapshotStatus[]> {
  const snapshots = new Map<
    string,
    { processingDate: string; windowDays: number; rows: Record<string, number> }
  >();
  for (const { name, view, scope } of INGEST_TABLES) {
    if (!scope.includes('processing_date')) continue;
    const rows = await database.query<{ date: string; window: number; rows: number }>({
      sql: `SELECT toString(processing_date) AS date, window_days AS window, toFloat64(count()) AS rows
FROM ${view}
GROUP BY processing_date, window_days`,
      doing: `counting the snapshots of ${name}`,
    });
    for (const { date, window, rows: count } of rows) {
      const key = `${date}/${window}`;
      const entry = snapshots.get(key) ?? { processingDate: date, windowDays: window, rows: {} };
      entry.rows[name] = count;
      snapshots.set(key, entry);
    }
  }
  const published = await database.query<{ date: string; window: number; at: string }>({
    sql: `SELECT toString(processing_date) AS date, window_days AS window, formatDateTime(max(newest_published_at), '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS at
FROM published_table_batches
WHERE scope = ''
GROUP BY processing_date, window_days`,
    doing: 'reading when the snapshots were published',
  });
  const times = new Map(published.map(({ date, window, at }) => [`${date}/${window}`, at]));
  return [...snapshots]
    .map(([key, entry]) => ({ ...entry, publishedAt: times.get(key) }))
    .sort((a, b) => a.windowDays - b.windowDays || (a.processingDate < b.processingDate ? -1 : 1));
}

async function lastIngestions(database: Database, limit: number): Promise<IngestionStatus[]> {
  const rows = await database.query<{
    id: string;
    at: string;
    date: string;
    window: number;
    data_set: string;
    source: string;
    rows: Record<string, string>;
    current: number;
  }>({
    sql: `SELECT
    batch_id AS id,
    formatDateTime(published_at, '%Y-%m-%dT%H:%i:%SZ', 'UTC') AS at,
    toString(processing_date) AS date,
    window_days AS window,
    scope AS data_set,
    source,
    table_rows AS rows,
    tuple(batch_id, processing_date, window_days, scope) IN (
        SELECT tuple(published_ingestion, processing_date, window_days, scope) FROM published_table_batches WHERE published_rows > 0
    ) AS current
FROM ingestions
ORDER BY sequence DESC, processing_date DESC, scope
LIMIT 1 BY batch_id, processing_date, window_days, scope
LIMIT {limit:UInt32}`,
    params: { limit },
    doing: 'reading the last ingestions',
  });
  return rows.map((row) => ({
    batchId: row.id,
    publishedAt: row.at,
    scope:
      row.data_set === ''
        ? `${row.date}, window ${row.window}`
        : row.data_set.replace(/@(?=[^@]*$)/, ', version '),
    source: row.source,
    rows: Object.fromEntries(Object.entries(row.rows).map(([table, count]) => [table, Number(count)])),
    current: Boolean(row.current),
  }));
}
