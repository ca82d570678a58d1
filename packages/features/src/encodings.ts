import type { FeatureGroup } from '@risk-scoring/contract';
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
      const vector = alerts.getChild(column);
      const values = new Set<string>();
      if (vector) for (const row of rows) values.add(String(vector.get(row)));
      encodings[encoding] = [...values].sort();
    }
  }
  return encodings;
}
