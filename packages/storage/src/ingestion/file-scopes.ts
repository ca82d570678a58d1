import type { Database } from '../database.ts';
import { quote } from '../sql-text.ts';
import { type IngestTable, isOfDataSets } from '../tables.ts';
import { ofBatch } from './batch-rows.ts';
import type { Source } from './source.ts';

/** A snapshot, or a data set in `scope`, with the rows that a file has of it and the id they carry. */
export interface Scope {
  readonly date: string;
  readonly window: number;
  readonly scope: string;
  readonly rows: number;
  readonly batch: string;
}

/** How the rows of a table say which scope they belong to, as the columns of `ingestions`. */
function scopeColumns(table: IngestTable): string {
  return isOfDataSets(table)
    ? `toDate(0) AS scope_date, toUInt16(0) AS scope_window, concat(data_set, '@', data_set_version) AS scope_name`
    : `processing_date AS scope_date, window_days AS scope_window, '' AS scope_name`;
}

/** The snapshots or data sets in a batch, in order. */
export async function scopesOf(database: Database, table: IngestTable, batchId: string): Promise<Scope[]> {
  return database.query<Scope>({
    sql: `SELECT toString(scope_date) AS date, scope_window AS window, scope_name AS scope, toFloat64(count()) AS rows, toString(batch_id) AS batch
FROM (SELECT batch_id, ${scopeColumns(table)} FROM ${quote(table.name)} WHERE ${ofBatch})
GROUP BY scope_date, scope_window, scope_name, batch_id
ORDER BY scope_date, scope_window, scope_name`,
    params: { batch_id: batchId },
    doing: `finding the snapshots in a batch of ${table.name}`,
  });
}

/** Whether readers see rows of any of them already. */
export async function replacesSomething(
  database: Database,
  table: IngestTable,
  batchId: string,
): Promise<boolean> {
  const [row] = await database.query<{ found: number }>({
    sql: `SELECT count() > 0 AS found
FROM published_table_batches
WHERE table_name = {table:String}
    AND published_rows > 0
    AND (processing_date, window_days, scope) IN (
        SELECT scope_date, scope_window, scope_name
        FROM (SELECT ${scopeColumns(table)} FROM ${quote(table.name)} WHERE ${ofBatch})
    )`,
    params: { table: table.name, batch_id: batchId },
    doing: `looking for what the batch of ${table.name} replaces`,
  });
  return Boolean(row?.found);
}

/** The ingestion of the very same file, where all of it still counts and every row is still there. */
export async function publishedFile(
  database: Database,
  source: Source,
  signal: AbortSignal | undefined,
): Promise<{ batchId: string; rows: number; scopes: string[] } | undefined> {
  const table = source.table.name;
  const md5 = source.md5 ?? (await source.fingerprint(signal));
  const [found] = await database.query<{ id: string; rows: number; scopes: [string, number, string][] }>({
    sql: `SELECT
    batch_id AS id,
    toFloat64(sum(rows_of_scope)) AS rows,
    groupArray(tuple(toString(processing_date), window_days, scope)) AS scopes
FROM (
    SELECT DISTINCT
        batch_id, processing_date, window_days, scope,
        table_batches[{table:String}] AS batch_of_scope,
        table_rows[{table:String}] AS rows_of_scope
    FROM ingestions
    WHERE file_md5[{table:String}] = {md5:String}
)
GROUP BY batch_id
HAVING min((processing_date, window_days, scope, batch_of_scope) IN (
    SELECT processing_date, window_days, scope, published_batch_id
    FROM published_table_batches
    WHERE table_name = {table:String}
))
ORDER BY id DESC
LIMIT 1`,
    params: { table, md5 },
    doing: `looking for ${source.label} among what was ingested`,
  });
  if (found === undefined) return undefined;
  const [stored] = await database.query<{ rows: number }>({
    sql: `SELECT toFloat64(count()) AS rows
FROM ${quote(table)}
WHERE batch_id IN (SELECT table_batches[{table:String}] FROM ingestions WHERE batch_id = {id:String})`,
    params: { table, id: found.id },
    doing: `counting the rows of ${source.label}`,
  });
  if (stored?.rows !== found.rows) return undefined;
  return {
    batchId: found.id,
    rows: found.rows,
    scopes: found.scopes.map(([date, window, scope]) => describeScope({ date, window, scope })).sort(),
  };
}

/** `2020-01-01, window 30`, or `my-labels, version 2`. */
export function describeScope({ date, window, scope }: Pick<Scope, 'date' | 'window' | 'scope'>): string {
  if (scope === '') return `${date}, window ${window}`;
  const at = scope.lastIndexOf('@');
  return `${scope.slice(0, at)}, version ${scope.slice(at + 1)}`;
}
