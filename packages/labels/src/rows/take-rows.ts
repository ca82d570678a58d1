import type { AddressLabelRows } from './address-label-rows.ts';

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
