import { addressKey, readTextColumn } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { readDays } from './columns.ts';

/**
 * The row of raw_features of each alert: that of its address on its date; -1 where there is none.
 *
 * @param alerts with processing_date and address
 * @param features with processing_date and address
 * @example
 * const scores = readNumbers(data.features, 'velocity_score');
 * featureRowsOf(data.alerts, data.features).map((row) => (row < 0 ? Number.NaN : scores[row]));
 */
export function featureRowsOf(alerts: Table, features: Table): Int32Array {
  const known = readTextColumn(features, 'address');
  const places = new Map<string, number>();
  const placeOfFeature = known.values.map((address) => {
    const key = addressKey(address);
    const held = places.get(key) ?? places.size;
    places.set(key, held);
    return held;
  });
  // One number for a date and an address; far below 2^53 for any number of addresses.
  const name = (day: number, place: number) => day * (places.size + 1) + place;
  const featureDays = readDays(features, 'processing_date');
  const rowOf = new Map<number, number>();
  for (let row = 0; row < featureDays.length; row++) {
    rowOf.set(name(featureDays[row] ?? 0, placeOfFeature[known.codes[row] ?? 0] ?? 0), row);
  }
  const alerted = readTextColumn(alerts, 'address');
  const placeOfAlert = alerted.values.map((address) => places.get(addressKey(address)) ?? -1);
  const alertDays = readDays(alerts, 'processing_date');
  return alerted.codes.map((code, alert) => {
    const place = placeOfAlert[code] ?? -1;
    return place < 0 ? -1 : (rowOf.get(name(alertDays[alert] ?? 0, place)) ?? -1);
  });
}
