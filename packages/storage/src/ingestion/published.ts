import type { Database } from '../database.ts';
import type { Source } from './source.ts';

/** What counts for one table of a snapshot at present. */
export interface PublishedTable {
  readonly table: string;
  readonly ingestionId: string;
  readonly batchId: string;
  readonly md5: string;
  readonly rows: number;
}

/** The batches that count for a snapshot, one per table that has one. */
export async function publishedTables(
  database: Database,
  snapshot: { readonly processingDate: string; readonly windowDays: number },
): Promise<PublishedTable[]> {
  return database.query<PublishedTable>({
    sql: `SELECT
    table_name AS table,
    published_ingestion AS ingestionId,
    published_batch_id AS batchId,
    published_md5 AS md5,
    toFloat64(published_rows) AS rows
FROM published_table_batches
WHERE processing_date = {date:Date} AND window_days = {window:UInt16} AND scope = ''`,
    params: { date: snapshot.processingDate, window: snapshot.windowDays },
    doing: 'looking for the published snapshot',
  });
}

/**
 * Whether every source is published already, byte for byte, and every row of it is still there: somebody may have deleted
 * some, and ingesting again is the remedy.
 */
export async function isPublished(
  database: Database,
  sources: readonly Source[],
  published: readonly PublishedTable[],
): Promise<boolean> {
  for (const { table, md5 } of sources) {
    const current = published.find((entry) => entry.table === table.name);
    if (current === undefined || md5 === undefined || current.md5 !== md5) return false;
    if ((await countBatch(database, table.name, current.batchId)) !== current.rows) return false;
  }
  return true;
}

/** How many rows of a table carry a batch id. */
async function countBatch(database: Database, table: string, batchId: string): Promise<number> {
  const [counted] = await database.query<{ rows: number }>({
    sql: 'SELECT toFloat64(count()) AS rows FROM {table:Identifier} WHERE batch_id = {batch_id:String}',
    params: { table, batch_id: batchId },
    doing: `counting the rows of ${table}`,
  });
  return counted?.rows ?? 0;
}
