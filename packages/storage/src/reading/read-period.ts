import { InvalidInputError } from '@risk-scoring/contract';
import type { RecordBatch } from 'apache-arrow';
import type { Database } from '../database.ts';
import { quote } from '../sql-text.ts';
import { RAW_TABLES, type RawTableName } from '../tables.ts';

/** Columns by which rows of a snapshot are ordered, so that they always come in the same order. */
const orders: Readonly<Record<RawTableName, string>> = {
  raw_alerts: 'alert_id',
  raw_features: 'address',
  raw_clusters: 'cluster_id',
  raw_money_flows: 'from_address, to_address',
  raw_address_labels: 'address, source, risk_level, confidence_score, label',
};

/** Which rows of a table to read. */
export interface PeriodRows {
  readonly table: RawTableName;
  /** Processing dates, `YYYY-MM-DD`, both inclusive. */
  readonly startDate: string;
  readonly endDate: string;
  readonly windowDays: number;
  /** Columns to read, in this order; all but the product's own (batch_id, created_at) by default. */
  readonly columns?: readonly string[];
  /** Rows per batch at most; 65,536 by default. */
  readonly batchRows?: number;
  readonly signal?: AbortSignal;
}

/**
 * Streams the published rows of a period as Arrow batches, by date and key. Memory holds a few batches whatever the length of the
 * period; values arrive as they are stored: Decimal(38, 18) as Arrow decimals, 64-bit integers as 64 bits.
 *
 * @throws {InvalidInputError} for batches without rows
 * @throws {CancelledError} when the signal aborts
 * @throws {ServerUnreachableError | DatabaseError} also when the result stops in the middle: then it never looks like the end
 * @example
 * for await (const batch of readPeriod(database, { table: 'raw_alerts', startDate: '2020-01-01', endDate: '2020-01-31', windowDays: 30 })) {
 *   batch.getChild('alert_id');
 * }
 */
export async function* readPeriod(database: Database, rows: PeriodRows): AsyncGenerator<RecordBatch> {
  const { table, startDate, endDate, windowDays, columns, batchRows = 65_536, signal } = rows;
  if (!Number.isInteger(batchRows) || batchRows < 1) {
    throw new InvalidInputError({
      what: 'The rows of a batch',
      expected: 'a whole number, 1 or more',
      found: batchRows,
      remedy: 'leave batchRows out, or write for example 65536',
    });
  }
  const view = RAW_TABLES.find(({ name }) => name === table)?.view;
  if (view === undefined || columns?.length === 0) {
    throw new InvalidInputError({
      what: view === undefined ? 'The table' : 'The list of columns',
      expected: view === undefined ? RAW_TABLES.map(({ name }) => name).join(', ') : 'one column or more',
      found: view === undefined ? table : 'none',
      remedy: view === undefined ? 'name one of them' : 'leave columns out to read all of them',
    });
  }
  const selected = columns?.map(quote).join(', ');
  for (const date of await datesOf(database, { view, startDate, endDate, windowDays, signal })) {
    const batches = database.arrowBatches({
      sql: `SELECT ${selected ?? '* EXCEPT (batch_id, created_at)'}
FROM ${view}
WHERE processing_date = {date:Date} AND window_days = {window:UInt16}
ORDER BY ${orders[table]}`,
      params: { date, window: windowDays },
      settings: { max_block_size: `${batchRows}` },
      doing: `reading ${view} of ${date}`,
      ...(signal ? { signal } : {}),
    });
    // Rows in the order of their table come in whole granules, whatever the block size.
    for await (const batch of batches) yield* inSlices(batch, batchRows);
  }
}

function* inSlices(batch: RecordBatch, rows: number): Generator<RecordBatch> {
  for (let at = 0; at < batch.numRows; at += rows) {
    yield batch.numRows <= rows ? batch : batch.slice(at, at + rows);
  }
}

/** The dates of a period on which a view has rows, in order. */
async function datesOf(
  database: Database,
  period: {
    view: string;
    startDate: string;
    endDate: string;
    windowDays: number;
    signal: AbortSignal | undefined;
  },
): Promise<string[]> {
  const rows = await database.query<{ date: string }>({
    sql: `SELECT DISTINCT toString(processing_date) AS date
FROM ${period.view}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}
ORDER BY date`,
    params: { start: period.startDate, end: period.endDate, window: period.windowDays },
    doing: `listing the dates of ${period.view}`,
    ...(period.signal ? { signal: period.signal } : {}),
  });
  return rows.map((row) => row.date);
}
