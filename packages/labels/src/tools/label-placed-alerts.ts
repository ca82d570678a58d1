import { type LabelSet, UNLABELLED } from '@risk-scoring/contract';
import { type AddressLabelRows, sourceNames } from '../rows/address-label-rows.ts';
import type { LabelAlertsOptions } from '../rows/label-alerts.ts';
import { resolveRows } from '../rows/resolve.ts';
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
  const { names, codeOf } = distinctNames(rows);
  const count = alerts.places.length;
  const labels = new Int8Array(count).fill(UNLABELLED);
  const weights = new Float32Array(count);
  const codes = new Int32Array(count).fill(-1);
  // The texts of the rows are the names of different addresses, so the number of each in the resolution is its code.
  for (let alert = 0; alert < count; alert++) {
    const code = codeOfPlace[alerts.places[alert] ?? 0] ?? -1;
    const row = code < 0 ? -1 : resolution.rowOn(code, alerts.days[alert] ?? 0);
    if (row < 0 || (rows.labels[row] ?? UNLABELLED) === UNLABELLED) continue;
    labels[alert] = rows.labels[row] ?? UNLABELLED;
    weights[alert] = options.useConfidence ? (rows.confidences[row] ?? 0) : 1;
    codes[alert] = codeOf[rows.sources.codes[row] ?? 0] ?? 0;
  }
  return { labels, weights, sources: { names, codes } };
}

/** The names of sources, each once, in alphabetical order, and which of them each code of the rows means. */
function distinctNames(rows: AddressLabelRows): { readonly names: string[]; readonly codeOf: Int32Array } {
  const all = sourceNames(rows);
  const names = [...new Set(all)].sort();
  const places = new Map(names.map((name, place) => [name, place]));
  return { names, codeOf: Int32Array.from(all, (name) => places.get(name) ?? 0) };
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

/**
 * Some rows.
 *
 * @param kept their numbers
 * @param addresses those of the kept rows
 */
export function takeRows(
  rows: AddressLabelRows,
  kept: Int32Array,
  addresses: AddressLabelRows['addresses'],
): AddressLabelRows {
  const [labels, levels] = [new Int8Array(kept.length), new Int8Array(kept.length)];
  const confidences = new Float32Array(kept.length);
  const [sources, dates, validFrom] = [
    new Int32Array(kept.length),
    new Int32Array(kept.length),
    new Int32Array(kept.length),
  ];
  for (let at = 0; at < kept.length; at++) {
    const row = kept[at] ?? 0;
    labels[at] = rows.labels[row] ?? 0;
    levels[at] = rows.levels[row] ?? 0;
    confidences[at] = rows.confidences[row] ?? 0;
    sources[at] = rows.sources.codes[row] ?? 0;
    dates[at] = rows.dates[row] ?? 0;
    validFrom[at] = rows.validFrom[row] ?? 0;
  }
  return {
    rows: kept.length,
    addresses,
    labels,
    levels,
    confidences,
    sources: { values: rows.sources.values, codes: sources },
    dates,
    validFrom,
  };
}
