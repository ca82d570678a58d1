import { addColumn, findColumn, readDays, TextIndex } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';

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
  const known = new TextIndex({ compare: 'addresses' });
  const featurePlaces = addColumn(known, features, 'address');
  // One number for a date and an address; far below 2^53 for any number of addresses.
  const name = (day: number, place: number) => day * (known.size + 1) + place;
  const featureDays = readDays(features, 'processing_date');
  const rowOf = new Map<number, number>();
  for (let row = 0; row < featureDays.length; row++) {
    rowOf.set(name(featureDays[row] ?? 0, featurePlaces[row] ?? 0), row);
  }
  const alertDays = readDays(alerts, 'processing_date');
  return findColumn(known, alerts, 'address').map((place, alert) =>
    place < 0 ? -1 : (rowOf.get(name(alertDays[alert] ?? 0, place)) ?? -1),
  );
}
