import {
  type TrainingData,
  type TrainingPeriod,
  type TrainingTable,
  throwIfCancelled,
} from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import type { Table } from 'apache-arrow';
import { validatePeriod } from './period.ts';
import { assertUsable } from './quality.ts';
import { type SnapshotSummary, snapshotsOfPeriod } from './snapshots.ts';

/** Where each table of {@link TrainingData} is read, and in which order. */
const sources: Readonly<Record<TrainingTable, { readonly view: string; readonly order: string }>> = {
  alerts: { view: 'published_alerts', order: 'alert_id' },
  features: { view: 'published_features', order: 'address' },
  clusters: { view: 'published_clusters', order: 'cluster_id' },
  moneyFlows: { view: 'published_money_flows', order: 'from_address, to_address' },
  addressLabels: {
    view: 'published_address_labels',
    order: 'address, source, risk_level, confidence_score, label',
  },
};

/** Options of {@link extractTrainingData}. */
export interface ExtractOptions {
  /** Tables to load; the others come empty. All of them by default; `alerts` always come. */
  readonly tables?: readonly TrainingTable[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** A period, read and checked. */
export interface ExtractedPeriod {
  readonly data: TrainingData;
  readonly snapshots: readonly SnapshotSummary[];
}

/**
 * Reads the published rows of a period as Arrow tables, one snapshot at a time, in a fixed order: alerts by
 * (processing_date, alert_id), the others by date and their key.
 *
 * @throws {InvalidInputError} for a period that cannot be meant
 * @throws {NoAlertsFoundError} when the period holds no alert
 * @throws {InvalidDataError} when rows would make features or figures wrong
 * @example
 * const { data } = await extractTrainingData(database, period, { tables: ['alerts', 'addressLabels'] });
 * data.alerts.numRows;
 */
export async function extractTrainingData(
  database: Database,
  period: TrainingPeriod,
  options: ExtractOptions = {},
): Promise<ExtractedPeriod> {
  validatePeriod(period);
  const snapshots = await snapshotsOfPeriod(database, period);
  await assertUsable(database, period);

  const wanted = new Set<TrainingTable>([
    ...(options.tables ?? (Object.keys(sources) as TrainingTable[])),
    'alerts',
  ]);
  const dates = await datesOf(database, period, wanted);
  const total = [...dates.values()].reduce((sum, list) => sum + list.length, 0);
  let done = 0;
  const read = async (table: TrainingTable): Promise<Table> => {
    const parts: Table[] = [];
    for (const processingDate of dates.get(table) ?? []) {
      throwIfCancelled(options.signal, `reading ${sources[table].view} of ${processingDate}`);
      parts.push(await readSnapshot(database, table, { processingDate, windowDays: period.windowDays }));
      done += 1;
      options.onProgress?.({ done, total });
    }
    const [first, ...rest] = parts.filter((part) => part.numRows > 0);
    return first?.concat(...rest) ?? readEmpty(database, table);
  };
  const data: TrainingData = {
    period,
    alerts: await read('alerts'),
    features: await read('features'),
    clusters: await read('clusters'),
    moneyFlows: await read('moneyFlows'),
    addressLabels: await read('addressLabels'),
  };
  return { data, snapshots };
}

/** The dates on which each wanted table has rows; labels may be published on dates without alerts. */
async function datesOf(
  database: Database,
  period: TrainingPeriod,
  tables: ReadonlySet<TrainingTable>,
): Promise<Map<TrainingTable, string[]>> {
  const dates = new Map<TrainingTable, string[]>();
  for (const table of tables) {
    const { view } = sources[table];
    const rows = await database.query<{ date: string }>({
      sql: `SELECT DISTINCT toString(processing_date) AS date
FROM ${view}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}
ORDER BY date`,
      params: { start: period.startDate, end: period.endDate, window: period.windowDays },
      doing: `listing the dates of ${view}`,
    });
    dates.set(
      table,
      rows.map((row) => row.date),
    );
  }
  return dates;
}

function readSnapshot(
  database: Database,
  table: TrainingTable,
  snapshot: { processingDate: string; windowDays: number },
): Promise<Table> {
  const { view, order } = sources[table];
  return database.arrow({
    sql: `SELECT * EXCEPT (batch_id, created_at)
FROM ${view}
WHERE processing_date = {date:Date} AND window_days = {window:UInt16}
ORDER BY ${order}`,
    params: { date: snapshot.processingDate, window: snapshot.windowDays },
    doing: `reading ${view} of ${snapshot.processingDate}`,
  });
}

function readEmpty(database: Database, table: TrainingTable): Promise<Table> {
  const { view } = sources[table];
  return database.arrow({
    sql: `SELECT * EXCEPT (batch_id, created_at) FROM ${view} LIMIT 0`,
    doing: `reading the columns of ${view}`,
  });
}
