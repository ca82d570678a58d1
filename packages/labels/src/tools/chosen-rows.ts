import type { Table } from 'apache-arrow';
import {
  type ReadAddressLabels,
  type ReadAddressLabelsOptions,
  readAddressLabels,
} from '../rows/read-address-labels.ts';
import { takeRows } from '../rows/take-rows.ts';

/**
 * {@link readAddressLabels} without the rows of data sets that are not read, which it keeps as rows that say nothing.
 *
 * @throws {InvalidAddressLabelsError} for risk levels and confidences that are none
 * @throws {UnknownLabelSetError} for a data set that is asked for and not there
 * @example
 * readChosenRows(data.addressLabels, { positive: ['high', 'critical'], negative: ['low', 'medium'], dataSets: 'latest' }).rows.rows;
 */
export function readChosenRows(table: Table, options: ReadAddressLabelsOptions): ReadAddressLabels {
  const { rows, dataSets, read } = readAddressLabels(table, options);
  if (read === undefined) return { rows, dataSets };
  const kept = Int32Array.from(read.keys()).filter((row) => read[row] === 1);
  const { codes, values } = rows.addresses;
  return { rows: takeRows(rows, kept, { values, codes: kept.map((row) => codes[row] ?? 0) }), dataSets };
}
