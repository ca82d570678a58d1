import { addColumn, type FeatureMatrix, readDays, readTexts, TextIndex } from '@risk-scoring/contract';
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
  const processingDates = readDays(alerts, 'processing_date');
  const ids = readTexts(alerts, 'alert_id');
  const addresses = new TextIndex({ compare: 'addresses' });
  const splitGroups = addColumn(addresses, alerts, 'address');
  return {
    keys: { processingDates, ids },
    splitGroups,
    splitGroupNames: addresses.texts(),
    queryIds: denseCodes(processingDates),
  };
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
