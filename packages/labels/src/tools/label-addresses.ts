import { type LabelSet, type TextColumn, UNLABELLED } from '@risk-scoring/contract';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { RISK_LEVELS } from '../rows/risk-levels.ts';

/** Labels of alerts as labels of addresses. */
export interface LabelledAddresses {
  readonly rows: AddressLabelRows;
  /** Addresses whose alerts are suspicious and normal with equal weight: they got no row. */
  readonly undecided: number;
}

/**
 * Labels of addresses from those of their alerts: the label with the larger sum of weights. The confidence is the mean weight of the alerts with that label, at most 1, and
 * the source that of the heaviest of them, the first of equals.
 *
 * @param labelSet one label per alert
 * @param placed the number of each alert's address, and how addresses are spelt
 * @returns addresses in the order of their numbers
 * @example
 * writeLabelCsv(labelAddresses(labelSet, { places, size: index.size, nameOf: index.nameOf }).rows);
 */
export function labelAddresses(
  { labels, weights, sources }: LabelSet,
  {
    places,
    size,
    nameOf,
  }: {
    readonly places: Int32Array;
    readonly size: number;
    readonly nameOf: (place: number) => string;
  },
): LabelledAddresses {
  // By address and label: place * 2 + label.
  const sums = new Float64Array(size * 2);
  const counts = new Int32Array(size * 2);
  const heaviest = new Int32Array(size * 2).fill(-1);
  for (let alert = 0; alert < labels.length; alert++) {
    const label = labels[alert] ?? UNLABELLED;
    const weight = weights[alert] ?? 0;
    if (label < 0 || !(weight > 0)) continue;
    const unit = (places[alert] ?? 0) * 2 + label;
    sums[unit] = (sums[unit] ?? 0) + weight;
    counts[unit] = (counts[unit] ?? 0) + 1;
    const best = heaviest[unit] ?? -1;
    if (best < 0 || weight > (weights[best] ?? 0)) heaviest[unit] = alert;
  }
  const units: number[] = [];
  let undecided = 0;
  for (let place = 0; place < size; place++) {
    const [normal, suspicious] = [sums[place * 2] ?? 0, sums[place * 2 + 1] ?? 0];
    if (normal === suspicious) undecided += normal > 0 ? 1 : 0;
    else units.push(place * 2 + (suspicious > normal ? 1 : 0));
  }
  const zeros = new Int32Array(units.length);
  const rows: AddressLabelRows = {
    rows: units.length,
    addresses: distinct(units.map((unit) => nameOf(unit >> 1))),
    labels: Int8Array.from(units, (unit) => unit % 2),
    levels: Int8Array.from(units, (unit) => RISK_LEVELS.indexOf(unit % 2 === 1 ? 'high' : 'low')),
    confidences: Float32Array.from(units, (unit) => Math.min(1, (sums[unit] ?? 0) / (counts[unit] ?? 1))),
    sources: {
      values: [...sources.names],
      codes: Int32Array.from(units, (unit) => sources.codes[heaviest[unit] ?? -1] ?? 0),
    },
    dates: zeros,
    validFrom: zeros,
  };
  return { rows, undecided };
}

/** Texts that are all different. */
function distinct(values: readonly string[]): TextColumn {
  return { values, codes: Int32Array.from(values, (_, row) => row) };
}
