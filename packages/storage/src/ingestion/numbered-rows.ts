import { randomUUID } from 'node:crypto';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { Database } from '../database.ts';
import { quote } from '../sql-text.ts';
import type { ColumnPlan } from './column-check.ts';
import type { Source } from './source.ts';

/** A file as something to SELECT from, with the number of each row. */
export interface NumberedRows {
  readonly from: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly settings: ClickHouseSettings;
  readonly number: string;
}

/** What the tables are called that a file is laid aside in; `vacuum` drops those that a killed process left. */
export const STAGING_PREFIX = 'ingest_staging_';

/**
 * Lets `work` SELECT from the file: directly where the engine reads it, else from a table of its raw values.
 *
 * @returns what `work` found; undefined where it, or the reading, failed
 */
export async function withNumberedRows<T>(
  database: Database,
  source: Source,
  plan: ColumnPlan,
  work: (rows: NumberedRows) => Promise<T | undefined>,
): Promise<T | undefined> {
  const reading = source.read(database, plan.structure);
  reading.abandon();
  const settings: ClickHouseSettings = {
    ...reading.settings,
    max_threads: 1,
    max_insert_threads: '1',
    input_format_parallel_parsing: 0,
  };
  const { rows } = reading;
  try {
    const { open } = rows;
    if (open === undefined) {
      return await work({ from: rows.from, params: rows.params, settings, number: '_row_number' });
    }
    const table = `${STAGING_PREFIX}${randomUUID().replaceAll('-', '_')}`;
    const doing = `laying ${source.label} aside to look into it`;
    try {
      await database.command({
        doing,
        sql: `CREATE TABLE ${table} (staging_row_number UInt64, ${plan.usedStructure}) ENGINE = MergeTree ORDER BY staging_row_number`,
      });
      await database.command({
        doing,
        sql: `INSERT INTO ${table} SELECT rowNumberInAllBlocks(), ${[...plan.columns, ...plan.late].map((column) => quote(column.name)).join(', ')} FROM ${rows.from} FORMAT ${rows.format}`,
        params: rows.params,
        settings,
        repeatable: false,
        open: () => open(),
      });
      return await work({ from: table, params: {}, settings: {}, number: 'staging_row_number' });
    } finally {
      await database.command({ sql: `DROP TABLE IF EXISTS ${table}`, doing });
    }
  } catch {
    return undefined;
  }
}
