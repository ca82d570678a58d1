import { addressKey, type FeatureMatrix, readTextColumn, readTexts } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';

/** What the rows of a matrix are about, without their features. */
export type AlertRows = Pick<FeatureMatrix, 'keys' | 'splitGroups' | 'splitGroupNames' | 'queryIds'>;

/**
 * Reads the keys of alerts and groups them: by address (what must not straddle a split; spellings that
 * differ only in a hex address's letter case are one) and by snapshot (what a ranker orders within).
 *
 * @param alerts an Arrow table with processing_date (Date32), alert_id and address
 * @example
 * const { keys, splitGroups } = readAlertRows(data.alerts);
 */
export function readAlertRows(alerts: Table): AlertRows {
  const processingDates = readDates(alerts);
  const ids = readTexts(alerts, 'alert_id');
  const addresses = readTextColumn(alerts, 'address');
  const splitGroupNames: string[] = [];
  const groupOfKey = new Map<string, number>();
  const groupOfAddress = addresses.values.map((address) => {
    const key = addressKey(address);
    const known = groupOfKey.get(key);
    if (known !== undefined) return known;
    groupOfKey.set(key, splitGroupNames.length);
    return splitGroupNames.push(address) - 1;
  });
  const splitGroups = addresses.codes.map((code) => groupOfAddress[code] ?? -1);
  return {
    keys: { processingDates, ids },
    splitGroups,
    splitGroupNames,
    queryIds: denseCodes(processingDates),
  };
}

/** The processing dates of rows, in days since 1970-01-01. */
export function readDates(rows: Table): Int32Array {
  const dates = new Int32Array(rows.numRows);
  let offset = 0;
  for (const data of rows.getChild('processing_date')?.data ?? []) {
    dates.set(data.values.subarray(0, data.length), offset);
    offset += data.length;
  }
  return dates;
}

/** Codes 0, 1, … in order of first appearance. */
export function denseCodes(values: Int32Array): Int32Array {
  const codes = new Map<number, number>();
  return values.map((value) => {
    const known = codes.get(value);
    if (known !== undefined) return known;
    codes.set(value, codes.size);
    return codes.size - 1;
  });
}
