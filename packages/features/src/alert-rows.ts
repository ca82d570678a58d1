import { isAscii } from 'node:buffer';
import { addressKey, type FeatureMatrix } from '@risk-scoring/contract';
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
  const rows = alerts.numRows;
  const processingDates = readDates(alerts);
  const ids = readTexts(alerts, 'alert_id');
  const addresses = readTexts(alerts, 'address');
  const splitGroups = new Int32Array(rows);
  const splitGroupNames: string[] = [];
  const groupOfText = new Map<string, number>();
  const groupOfKey = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const address = addresses[row] ?? '';
    let group = groupOfText.get(address);
    if (group === undefined) {
      const key = addressKey(address);
      group = groupOfKey.get(key);
      if (group === undefined) {
        group = splitGroupNames.length;
        groupOfKey.set(key, group);
        splitGroupNames.push(address);
      }
      groupOfText.set(address, group);
    }
    splitGroups[row] = group;
  }
  return {
    keys: { processingDates, ids },
    splitGroups,
    splitGroupNames,
    queryIds: denseCodes(processingDates),
  };
}

/** A text column as strings. Plain ASCII, as ids and addresses are, is decoded as one text per batch and then cut. */
function readTexts(table: Table, name: string): string[] {
  const texts: string[] = [];
  for (const data of table.getChild(name)?.data ?? []) {
    const offsets: Int32Array = data.valueOffsets;
    const first = offsets[0] ?? 0;
    const bytes = Buffer.from(
      data.values.buffer,
      data.values.byteOffset + first,
      (offsets[data.length] ?? 0) - first,
    );
    const whole = isAscii(bytes) ? bytes.toString('latin1') : undefined;
    for (let row = 0; row < data.length; row++) {
      const [from, to] = [(offsets[row] ?? 0) - first, (offsets[row + 1] ?? 0) - first];
      texts.push(whole?.slice(from, to) ?? bytes.toString('utf8', from, to));
    }
  }
  return texts;
}

function readDates(alerts: Table): Int32Array {
  const dates = new Int32Array(alerts.numRows);
  let offset = 0;
  for (const data of alerts.getChild('processing_date')?.data ?? []) {
    dates.set(data.values.subarray(0, data.length), offset);
    offset += data.length;
  }
  return dates;
}

/** Codes 0, 1, … in order of first appearance. */
function denseCodes(values: Int32Array): Int32Array {
  const codes = new Map<number, number>();
  return values.map((value) => {
    const known = codes.get(value);
    if (known !== undefined) return known;
    codes.set(value, codes.size);
    return codes.size - 1;
  });
}
