import {
  TRAINING_TABLES,
  type TrainingData,
  type TrainingPeriod,
  type TrainingTable,
  throwIfCancelled,
} from '@risk-scoring/contract';
import {
  type Database,
  inParallel,
  NO_ADDRESS_LABELS,
  type RawTableName,
  readAddressLabels,
  readPeriod,
} from '@risk-scoring/storage';
import { type RecordBatch, Table } from 'apache-arrow';
import { validatePeriod } from './period.ts';
import { assertUsable } from './quality.ts';
import { type SnapshotSummary, snapshotsOfPeriod } from './snapshots.ts';

/** Where each table of {@link TrainingData} comes from; addressLabels also from miner_labels. */
const sources: Readonly<Record<TrainingTable, RawTableName>> = {
  alerts: 'raw_alerts',
  features: 'raw_features',
  clusters: 'raw_clusters',
  moneyFlows: 'raw_money_flows',
  addressLabels: 'raw_address_labels',
};

/** Checks and readings under way at once: one for this thread, one for the engine. */
const STATEMENTS_AT_ONCE = 2;

/** Options of {@link extractTrainingData}. */
export interface ExtractOptions {
  /** Tables to load; the others come empty. All of them by default; `alerts` always come. */
  readonly tables?: readonly TrainingTable[];
  /** Columns to load of a table; all of them by default. Those that name an alert (processing_date, alert_id, address) always come. */
  readonly columns?: Readonly<Partial<Record<TrainingTable, readonly string[]>>>;
  readonly signal?: AbortSignal;
  /** Tables read, of those wanted, and rows so far. */
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly rows: number;
  }) => void;
}

/** A period, read and checked. */
export interface ExtractedPeriod {
  readonly data: TrainingData;
  readonly snapshots: readonly SnapshotSummary[];
}

/**
 * Reads the published rows of a period as Arrow tables, in a fixed order: alerts by (processing_date, alert_id), the
 * others by date and their key. In addressLabels the rows of all published label sets of miner_labels follow those of the period, by data
 * set, version and address.
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

  const wanted = new Set<TrainingTable>([...(options.tables ?? TRAINING_TABLES), 'alerts']);
  let done = 0;
  let rows = 0;
  const read = async (table: TrainingTable): Promise<Table> => {
    if (!wanted.has(table)) return readEmpty(database, table);
    const batches: RecordBatch[] = [];
    const { startDate, endDate, windowDays } = period;
    // All batches are kept, so there is no point in a stream.
    const which = { startDate, endDate, windowDays, beside: true, ...columnsOf(table, options) };
    const reading =
      table === 'addressLabels'
        ? readAddressLabels(database, which)
        : readPeriod(database, { ...which, table: sources[table] });
    for await (const batch of reading) {
      throwIfCancelled(options.signal, `reading ${sources[table]}`);
      batches.push(batch);
      rows += batch.numRows;
      options.onProgress?.({ done, total: wanted.size, rows });
    }
    done += 1;
    options.onProgress?.({ done, total: wanted.size, rows });
    return batches.length > 0 ? new Table(batches) : readEmpty(database, table);
  };
  const tables = new Map<TrainingTable, Table>();
  const work: (TrainingTable | 'checks')[] = [
    'checks',
    'alerts',
    'addressLabels',
    'features',
    'clusters',
    'moneyFlows',
  ];
  // The checks are made while the tables are read; they decide whether anybody gets them.
  await inParallel(work, STATEMENTS_AT_ONCE, async (item) => {
    if (item === 'checks') await assertUsable(database, period);
    else tables.set(item, await read(item));
  });
  const table = (name: TrainingTable): Table => {
    const found = tables.get(name);
    if (found === undefined) throw new RangeError(`${name} was not read`);
    return found;
  };
  const data: TrainingData = {
    period,
    alerts: table('alerts'),
    features: table('features'),
    clusters: table('clusters'),
    moneyFlows: table('moneyFlows'),
    addressLabels: table('addressLabels'),
  };
  return { data, snapshots };
}

/** What names an alert. */
const alertNames = ['processing_date', 'alert_id', 'address'];

function columnsOf(table: TrainingTable, { columns }: ExtractOptions): { columns?: readonly string[] } {
  const wanted = columns?.[table];
  if (wanted === undefined) return {};
  return { columns: [...new Set([...(table === 'alerts' ? alertNames : []), ...wanted])] };
}

function readEmpty(database: Database, table: TrainingTable): Promise<Table> {
  return database.arrow({
    sql:
      table === 'addressLabels'
        ? NO_ADDRESS_LABELS
        : `SELECT * EXCEPT (batch_id, created_at) FROM ${sources[table]} LIMIT 0`,
    doing: `reading the columns of ${sources[table]}`,
  });
}
