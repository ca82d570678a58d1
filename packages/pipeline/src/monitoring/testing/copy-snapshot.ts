import type { Database } from '@risk-scoring/storage';

const TABLES = [
  'raw_alerts',
  'raw_features',
  'raw_clusters',
  'raw_money_flows',
  'raw_address_labels',
] as const;

/**
 * Inserts a snapshot by hand that is another one on a later date, but for what is changed.
 *
 * @param change SQL of columns by table and name
 */
export async function copySnapshot(
  database: Database,
  {
    from,
    to,
    change = {},
  }: {
    readonly from: string;
    readonly to: string;
    readonly change?: Partial<Record<(typeof TABLES)[number], Readonly<Record<string, string>>>>;
  },
): Promise<void> {
  for (const table of TABLES) {
    const columns = { processing_date: '{to:Date}', batch_id: "''", ...change[table] };
    const replaced = Object.entries(columns).map(([name, sql]) => `${sql} AS ${name}`);
    await database.command({
      sql: `INSERT INTO ${table} SELECT * REPLACE (${replaced.join(', ')}) FROM
(
    SELECT * FROM ${table} WHERE processing_date = {from:Date}
)`,
      params: { from, to },
      doing: 'inserting a changed snapshot',
    });
  }
}
