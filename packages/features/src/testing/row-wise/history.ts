import { parseAmount, usd } from './exact.ts';
import { numberOf, type RawRow, textOf } from './raw-rows.ts';
import type { Surroundings } from './world.ts';

/** How the address changed since its previous snapshot; NaN where there is none. */
export function historyFeatures({ features, key, earlierFeatures }: Surroundings): Record<string, number> {
  const now = features.get(key);
  const [before] = earlierFeatures;
  const change = (value: (row: RawRow) => number) =>
    now && before ? value(now) - value(before) : Number.NaN;
  const score = (kind: string) => [
    `${kind}_anomaly_score_change`,
    change((row) => numberOf(row, `${kind}_anomaly_score`)),
  ];
  return {
    volume_change: change((row) => Math.log1p(usd(parseAmount(textOf(row, 'total_volume_usd'))))),
    degree_change: change((row) => Math.log1p(numberOf(row, 'degree_total'))),
    tx_count_change: change((row) => Math.log1p(numberOf(row, 'tx_total_count'))),
    ...Object.fromEntries(['behavioral', 'graph', 'neighborhood', 'global'].map(score)),
  };
}
