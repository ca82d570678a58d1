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
  /** For who keeps every batch anyway: the embedded engine then holds the rows of some snapshots whole, which is quicker. */
  readonly beside?: boolean;
  /** SQL of columns that the table does not have. */
  readonly expressions?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Snapshots are read together until they have so many values. A query takes some 25 ms however little it reads; but the engine opens all parts of
 * the table that it reads in order, and holds a block of each.
 */
const VALUES_PER_QUERY = 3_000_000;
/** About as many columns as a table has. */
const WIDTHS: Readonly<Record<RawTableName, number>> = {
  raw_alerts: 20,
  raw_features: 100,
  raw_clusters: 20,
  raw_money_flows: 20,
  raw_address_labels: 20,
};

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
  const { beside, expressions = {} } = rows;
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
  const selected = columns?.map((column) => expressions[column] ?? quote(column)).join(', ');
  const inView = await datesOf(database, { view, startDate, endDate, windowDays, signal });
  for (const { from, through } of inGroups(inView, VALUES_PER_QUERY / (columns?.length ?? WIDTHS[table]))) {
    const batches = database.arrowBatches({
      sql: `SELECT ${selected ?? '* EXCEPT (batch_id, created_at)'}
FROM ${view}
WHERE processing_date >= {from:Date} AND processing_date <= {through:Date} AND window_days = {window:UInt16}
ORDER BY processing_date, ${orders[table]}`,
      params: { from, through, window: windowDays },
      settings: { max_block_size: `${batchRows}` },
      doing: `reading ${view} of ${from === through ? from : `${from} to ${through}`}`,
      ...(beside ? { beside } : {}),
      ...(signal ? { signal } : {}),
    });
    // Rows in the order of their table come in whole granules, whatever the block size.
    for await (const batch of batches) yield* inSlices(batch, batchRows);
  }
}

/** Dates that follow one another, together as long as they have no more rows than that. */
function inGroups(
  dates: readonly DateInView[],
  mostRows: number,
): { readonly from: string; readonly through: string }[] {
  const groups: { from: string; through: string; rows: number }[] = [];
  for (const { date, rows } of dates) {
    const last = groups.at(-1);
    if (last === undefined || last.rows + rows > mostRows) groups.push({ from: date, through: date, rows });
    else Object.assign(last, { through: date, rows: last.rows + rows });
  }
  return groups;
}

function* inSlices(batch: RecordBatch, rows: number): Generator<RecordBatch> {
  for (let at = 0; at < batch.numRows; at += rows) {
    yield batch.numRows <= rows ? batch : batch.slice(at, at + rows);
  }
}

/** A date on which a view has rows, and how many. */
interface DateInView {
  readonly date: string;
  readonly rows: number;
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
): Promise<DateInView[]> {
  return database.query<DateInView>({
    sql: `SELECT toString(processing_date) AS date, toFloat64(count()) AS rows
FROM ${period.view}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}
GROUP BY processing_date
ORDER BY processing_date`,
    params: { start: period.startDate, end: period.endDate, window: period.windowDays },
    doing: `listing the dates of ${period.view}`,
    ...(period.signal ? { signal: period.signal } : {}),
  });
}
