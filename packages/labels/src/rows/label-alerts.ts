import { findColumn, type LabelSet, readDays, UNLABELLED } from '@risk-scoring/contract';
import type { Table } from 'apache-arrow';
import { type AddressLabelRows, sourceNames } from './address-label-rows.ts';
import { type Resolution, type ResolveCounts, type ResolveOptions, resolveRows } from './resolve.ts';

/** How {@link labelAlerts} makes labels of rows. */
export interface LabelAlertsOptions extends ResolveOptions {
  /** Whether a row's confidence is the weight; otherwise every label weighs 1. */
  readonly useConfidence: boolean;
}

/** What {@link labelAlerts} counted. */
export interface LabelAlertsReport extends ResolveCounts {
  /** Addresses with an alert and a label for it. */
  readonly alerted: number;
}

/**
 * Labels alerts by what is said of their addresses. Each alert gets the label of the row that counts for its address on its date.
 *
 * @param alerts needs `address`, and `processing_date` where rows hold from a date on only
 * @returns labels of kind `true`, with a {@link LabelAlertsReport}
 * @example
 * labelAlerts(data.alerts, rows, { policy: 'highest-confidence', useConfidence: true }).labels;
 */
export function labelAlerts(
  alerts: Table,
  rows: AddressLabelRows,
  options: LabelAlertsOptions,
): LabelSet & { readonly report: Readonly<Record<string, unknown>> & LabelAlertsReport } {
  const resolution = resolveRows(rows, options);
  // Most alerts are of addresses that nobody has labelled: theirs are only looked up, never decoded or kept.
  const places = findColumn(resolution.addresses, alerts, 'address');
  const dated = rows.validFrom.some((day) => day > 0);
  const days = dated ? readDays(alerts, 'processing_date') : undefined;

  const { alerted, ...labelSet } = labelByRows({ places, days }, { rows, resolution, options });
  return {
    ...labelSet,
    report: { ...resolution.counts, alerted: alerted.reduce((sum, flag) => sum + flag, 0) },
  };
}

/**
 * Labels alerts whose addresses have been looked up.
 *
 * @param alerts the place of each alert's address in the resolution, -1 for none, and its date where rows hold from a date on only
 * @returns the labels, and 1 by place where an address has an alert and a label for it
 */
export function labelByRows(
  { places, days }: { readonly places: Int32Array; readonly days: Int32Array | undefined },
  {
    rows,
    resolution,
    options,
  }: {
    readonly rows: AddressLabelRows;
    readonly resolution: Resolution;
    readonly options: Pick<LabelAlertsOptions, 'useConfidence'>;
  },
): LabelSet & { readonly alerted: Uint8Array } {
  const count = places.length;
  const labels = new Int8Array(count).fill(UNLABELLED);
  const weights = new Float32Array(count);
  const codes = new Int32Array(count).fill(-1);
  const relevance = new Uint8Array(count);
  const { size } = resolution.addresses;
  const alerted = new Uint8Array(size);
  // Without dates one row counts for all alerts of an address.
  const rowOfPlace = days ? undefined : new Int32Array(size).map((_, at) => resolution.rowOn(at, 0));
  for (let alert = 0; alert < count; alert++) {
    const place = places[alert] ?? -1;
    if (place < 0) continue;
    const row = rowOfPlace ? (rowOfPlace[place] ?? -1) : resolution.rowOn(place, days?.[alert] ?? 0);
    if (row < 0 || (rows.labels[row] ?? UNLABELLED) === UNLABELLED) continue;
    labels[alert] = rows.labels[row] ?? UNLABELLED;
    weights[alert] = options.useConfidence ? (rows.confidences[row] ?? 0) : 1;
    codes[alert] = rows.sources.codes[row] ?? 0;
    relevance[alert] = rows.levels[row] ?? 0;
    alerted[place] = 1;
  }
  return { labels, weights, relevance, sources: namedSources(sourceNames(rows), codes), alerted };
}

/** Codes into the names that occur, in alphabetical order, whatever the order in which rows came. */
function namedSources(names: readonly string[], codes: Int32Array): LabelSet['sources'] {
  const used = new Uint8Array(names.length);
  for (const code of codes) if (code >= 0) used[code] = 1;
  const occurring = [...new Set(names.filter((_, code) => used[code] === 1))].sort();
  const newCodes = names.map((name) => occurring.indexOf(name));
  return { names: occurring, codes: codes.map((code) => (code < 0 ? -1 : (newCodes[code] ?? -1))) };
}
