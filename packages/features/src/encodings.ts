import { type FeatureGroup, readTextColumn } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import type { Encodings } from './catalogue.ts';

/**
 * Fits the encodings of some groups: the distinct values of each encoded column among the given alerts, in
 * alphabetical order. Give it training rows only, so that nothing of the holdout reaches the model.
 *
 * @param rows indices into `alerts`
 * @example
 * fitEncodings(DEFAULT_GROUPS, data.alerts, trainRows); // { typology: ['fan_in', …], … }
 */
export function fitEncodings(groups: readonly FeatureGroup[], alerts: Table, rows: Int32Array): Encodings {
  const encodings: Record<string, string[]> = {};
  for (const group of groups) {
    for (const [encoding, column] of Object.entries(group.encodings ?? {})) {
      const { codes, values } = readTextColumn(alerts, column);
      const seen = new Uint8Array(values.length);
      for (const row of rows) seen[codes[row] ?? 0] = 1;
      encodings[encoding] = values.filter((_, code) => seen[code] === 1).sort();
    }
  }
  return encodings;
}
