import type { Database } from '../database.ts';
import { quote } from '../sql-text.ts';

/** The batches that count, by table and processing date: what a reader pins so that all its queries see the same rows. */
export interface PublishedBatches {
  /** Batch ids of a table's rows on a date, `YYYY-MM-DD`. Rows without a batch count besides. */
  of(table: string, date: string): readonly string[];
  /** Batch ids of a table's rows on all dates before one. */
  before(table: string, date: string): readonly string[];
  /** The same text for the same batches, to see whether one was published meanwhile. */
  readonly mark: string;
}

/**
 * The batches that are published now, of the snapshots of one window up to a date.
 *
 * @param options.through last processing date, `YYYY-MM-DD`, inclusive
 * @param options.database another database of the same engine, such as another network's
 * @example
 * const batches = await publishedBatches(database, { windowDays: 30, through: '2020-01-01' });
 * batches.of('raw_alerts', '2020-01-01'); // ['0193…']
 */
export async function publishedBatches(
  database: Database,
  {
    windowDays,
    through,
    database: other,
  }: { readonly windowDays: number; readonly through: string; readonly database?: string },
): Promise<PublishedBatches> {
  const rows = await database.query<{ table: string; date: string; batch: string }>({
    sql: `SELECT table_name AS table, toString(processing_date) AS date, published_batch_id AS batch
FROM ${other === undefined ? '' : `${quote(other)}.`}published_table_batches
WHERE window_days = {window:UInt16} AND processing_date <= {through:Date} AND scope = ''
ORDER BY table, date`,
    params: { window: windowDays, through },
    doing:
      other === undefined ? 'listing the published batches' : `listing the published batches of ${other}`,
  });
  const byTable = new Map<string, { date: string; batch: string }[]>();
  const ofDate = new Map<string, string[]>();
  for (const row of rows) {
    append(byTable, row.table, row);
    append(ofDate, `${row.table} ${row.date}`, row.batch);
  }
  return {
    of: (table, date) => ofDate.get(`${table} ${date}`) ?? [],
    before: (table, date) =>
      (byTable.get(table) ?? []).filter((row) => row.date < date).map((row) => row.batch),
    mark: JSON.stringify(rows),
  };
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
