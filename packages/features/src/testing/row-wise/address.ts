import { parseAmount, signedLog1p, usd } from './exact.ts';
import { numberOf, type RawRow, textOf } from './raw-rows.ts';
import type { Surroundings } from './world.ts';

/** Numbers of raw_features that are no features: they tell when and where the data was collected. */
const NO_FEATURES = ['window_days', 'community_id', 'first_activity_timestamp', 'last_activity_timestamp'];

/** What raw_features says of the address in the snapshot; NaN where it says nothing. */
export function addressFeatures({ features, key, featureKinds }: Surroundings): Record<string, number> {
  const row = features.get(key);
  const names = (kinds: readonly string[]) =>
    [...featureKinds].filter(([name, kind]) => kinds.includes(kind) && !NO_FEATURES.includes(name));
  const totalIn = amountOf(row, 'total_in_usd');
  const totalOut = amountOf(row, 'total_out_usd');
  return {
    ...Object.fromEntries(names(['number', 'flag']).map(([name]) => [name, numberIn(row, name)])),
    ...Object.fromEntries(
      names(['amount']).flatMap(([name]) => [
        [name, amountOf(row, name)],
        [`${name}_log1p`, signedLog1p(amountOf(row, name))],
      ]),
    ),
    total_volume: totalIn + totalOut,
    volume_ratio: totalOut / (totalIn + 1),
    tx_count_norm: numberIn(row, 'tx_total_count') / 100,
    unique_counterparties_norm: numberIn(row, 'unique_counterparties') / 50,
  };
}

function numberIn(row: RawRow | undefined, column: string): number {
  return row ? numberOf(row, column) : Number.NaN;
}

function amountOf(row: RawRow | undefined, column: string): number {
  return row ? usd(parseAmount(textOf(row, column))) : Number.NaN;
}
