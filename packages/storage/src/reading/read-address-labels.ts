import type { RecordBatch } from 'apache-arrow';
import type { Database } from '../database.ts';
import { labelOrder, latestLabelSets } from '../label-sets/published-labels.ts';
import { quote } from '../sql-text.ts';
import { type PeriodRows, readPeriod } from './read-period.ts';

/** The columns that {@link readAddressLabels} gives, in their order. */
export const ADDRESS_LABEL_COLUMNS: readonly string[] = [
  'window_days',
  'processing_date',
  'network',
  'address',
  'label',
  'network_type',
  'address_type',
  'address_subtype',
  'risk_level',
  'confidence_score',
  'trust_level',
  'source',
  'data_set',
  'data_set_version',
  'data_set_is_latest',
  'valid_from',
];

/** What of these columns raw_address_labels does not have. */
const ofSnapshots: Readonly<Record<string, string>> = {
  data_set: `'' AS data_set`,
  data_set_version: `'' AS data_set_version`,
  data_set_is_latest: 'toUInt8(1) AS data_set_is_latest',
  valid_from: 'toDate(0) AS valid_from',
};

/** What of these columns miner_labels does not have. */
const ofDataSets: Readonly<Record<string, string>> = {
  window_days: '{window:UInt16} AS window_days',
  processing_date: 'valid_from AS processing_date',
  data_set_is_latest: `toUInt8(tuple(data_set, data_set_version) IN (${latestLabelSets})) AS data_set_is_latest`,
};

/** Which labels to read. */
export type AddressLabelsOfPeriod = Omit<PeriodRows, 'table' | 'expressions'>;

/**
 * Streams what is said of addresses: the published rows of raw_address_labels of a period, by date and key, and after them the published rows of
 * miner_labels, whatever the period, by data set, version and key. Of the former data_set and data_set_version are '', data_set_is_latest is 1 and
 * valid_from 1970-01-01; of the latter processing_date is valid_from and window_days the period's.
 *
 * @throws as {@link readPeriod} does
 * @example
 * for await (const batch of readAddressLabels(database, { startDate: '2020-01-01', endDate: '2020-01-31', windowDays: 30 })) batch.getChild('data_set');
 */
export async function* readAddressLabels(
  database: Database,
  rows: AddressLabelsOfPeriod,
): AsyncGenerator<RecordBatch> {
  const { columns = ADDRESS_LABEL_COLUMNS, batchRows = 65_536, beside, signal, windowDays } = rows;
  yield* readPeriod(database, { ...rows, columns, table: 'raw_address_labels', expressions: ofSnapshots });
  yield* database.arrowBatches({
    sql: `SELECT ${columns.map((column) => ofDataSets[column] ?? quote(column)).join(', ')}
FROM published_miner_labels
ORDER BY ${labelOrder}`,
    params: { window: windowDays },
    settings: { max_block_size: `${batchRows}` },
    doing: 'reading published_miner_labels',
    ...(beside ? { beside } : {}),
    ...(signal ? { signal } : {}),
  });
}

/** The SELECT of {@link readAddressLabels}'s columns, without rows. */
export const NO_ADDRESS_LABELS = `SELECT ${ADDRESS_LABEL_COLUMNS.map((column) => ofSnapshots[column] ?? quote(column)).join(', ')}
FROM raw_address_labels
LIMIT 0`;
