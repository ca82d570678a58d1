import type { LabelSet } from '@risk-scoring/contract';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { type LabelAlertsOptions, labelByRows } from '../rows/label-alerts.ts';
import { resolveRows } from '../rows/resolve.ts';
import { takeRows } from '../rows/take-rows.ts';
import type { AddressIndex } from './address-index.ts';
import type { PlacedRows } from './said-of-addresses.ts';

/** Alerts, as far as labels of their addresses need to know them. */
export interface PlacedAlerts {
  /** The number of each alert's address in the index. */
  readonly places: Int32Array;
  /** Processing date of each alert, in days since 1970-01-01. */
  readonly days: Int32Array;
}

/**
 * The labels that `labelAlerts` gives, for alerts and rows whose addresses have numbers already: rows about addresses without an alert are passed over, however many they are.
 *
 * @example
 * const { labels } = labelPlacedAlerts({ places, days }, { rows, places: index.add(rows.addresses) }, index, { policy: 'drop', useConfidence: true });
 */
export function labelPlacedAlerts(
  alerts: PlacedAlerts,
  placed: PlacedRows,
  index: AddressIndex,
  options: LabelAlertsOptions,
): LabelSet {
  const { rows, codeOfPlace } = rowsOfAlerts(alerts, placed, index);
  const resolution = resolveRows(rows, options);
  // The texts of the rows are the names of different addresses, so the number of each in the resolution is its code.
  const places = alerts.places.map((place) => codeOfPlace[place] ?? -1);
  const days = rows.validFrom.some((day) => day > 0) ? alerts.days : undefined;
  const { alerted: _, ...labelSet } = labelByRows({ places, days }, { rows, resolution, options });
  return labelSet;
}

/** The rows about addresses with an alert, and the code of each such address among them. */
function rowsOfAlerts(
  alerts: PlacedAlerts,
  { rows, places }: PlacedRows,
  index: AddressIndex,
): { readonly rows: AddressLabelRows; readonly codeOfPlace: Int32Array } {
  const alerted = new Uint8Array(index.size);
  for (let alert = 0; alert < alerts.places.length; alert++) alerted[alerts.places[alert] ?? 0] = 1;
  const kept = new Int32Array(rows.rows);
  const codes = new Int32Array(rows.rows);
  const codeOfPlace = new Int32Array(index.size).fill(-1);
  const names: string[] = [];
  let count = 0;
  for (let row = 0; row < rows.rows; row++) {
    const place = places[row] ?? 0;
    if (alerted[place] === 0) continue;
    if ((codeOfPlace[place] ?? -1) < 0) codeOfPlace[place] = names.push(index.nameOf(place)) - 1;
    codes[count] = codeOfPlace[place] ?? 0;
    kept[count++] = row;
  }
  return {
    rows: takeRows(rows, kept.subarray(0, count), { codes: codes.slice(0, count), values: names }),
    codeOfPlace,
  };
}
