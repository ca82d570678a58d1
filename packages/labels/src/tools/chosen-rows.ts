import { readTextColumn } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { readNumbers } from '../columns.ts';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import {
  type ReadAddressLabels,
  type ReadAddressLabelsOptions,
  readAddressLabels,
} from '../rows/read-address-labels.ts';
import { takeRows } from './label-placed-alerts.ts';

/**
 * {@link readAddressLabels} without the rows of data sets that are not read, which it keeps as rows that say nothing.
 *
 * @throws {InvalidAddressLabelsError} for risk levels and confidences that are none
 * @throws {UnknownLabelSetError} for a data set that is asked for and not there
 * @example
 * readChosenRows(data.addressLabels, { positive: ['high', 'critical'], negative: ['low', 'medium'], dataSets: 'latest' }).rows.rows;
 */
export function readChosenRows(table: Table, options: ReadAddressLabelsOptions): ReadAddressLabels {
  const { rows, dataSets } = readAddressLabels(table, options);
  const kept = chosen(table, options.dataSets);
  return { rows: kept.length === rows.rows ? rows : takeRows(rows, kept, addressesOf(rows, kept)), dataSets };
}

function chosen(table: Table, wanted: ReadAddressLabelsOptions['dataSets']): Int32Array {
  const all = Int32Array.from({ length: table.numRows }, (_, row) => row);
  if (table.getChild('data_set') === null) return all;
  const sets = readTextColumn(table, 'data_set');
  if (sets.values.every((name) => name === '')) return all;
  const versions = readTextColumn(table, 'data_set_version');
  const latest = readNumbers(table, 'data_set_is_latest');
  const asked = new Set(wanted === 'latest' ? [] : wanted);
  return all.filter((row) => {
    const name = sets.values[sets.codes[row] ?? 0] ?? '';
    if (name === '') return true;
    if (wanted === 'latest') return latest[row] === 1;
    return asked.has(`${name}@${versions.values[versions.codes[row] ?? 0] ?? ''}`);
  });
}

function addressesOf({ addresses }: AddressLabelRows, kept: Int32Array): AddressLabelRows['addresses'] {
  return { values: addresses.values, codes: kept.map((row) => addresses.codes[row] ?? 0) };
}
