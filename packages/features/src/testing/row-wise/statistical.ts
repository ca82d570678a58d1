import { momentsOf, parseAmount, usd } from './exact.ts';
import { type RawRow, textOf } from './raw-rows.ts';
import type { Surroundings } from './world.ts';

/** How the alert's volume compares with those around it, and the volumes of its address so far. */
export function statisticalFeatures({ alert, alerts, ownAlerts }: Surroundings): Record<string, number> {
  const volume = volumeOf(alert);
  const all = alerts.map(volumeOf);
  const alike = alerts
    .filter((row) => textOf(row, 'typology_type') === textOf(alert, 'typology_type'))
    .map(volumeOf);
  const own = ownAlerts.map(volumeOf);
  const { count, sum, spread } = momentsOf(own);
  return {
    volume_zscore: zscore(volume, all),
    volume_percentile: percentile(volume, all),
    typology_volume_zscore: zscore(volume, alike),
    typology_volume_percentile: percentile(volume, alike),
    address_volume_mean: usd(sum) / Number(count),
    address_volume_std: Math.sqrt(Number(spread)) / Number(count) / 1e18,
    address_volume_min: Math.min(...own.map(usd)),
    address_volume_max: Math.max(...own.map(usd)),
    address_alert_count: own.length,
  };
}

function volumeOf(row: RawRow): bigint {
  return parseAmount(textOf(row, 'volume_usd'));
}

/** (v − mean) / σ = (n·v − Σ) / √(n·Σv² − Σ²), the population's σ; 0 where all are equal. */
function zscore(volume: bigint, among: readonly bigint[]): number {
  const { count, sum, spread } = momentsOf(among);
  return spread === 0n ? 0 : Number(volume * count - sum) / Math.sqrt(Number(spread));
}

/** The share of the volumes that are no larger. */
function percentile(volume: bigint, among: readonly bigint[]): number {
  return among.filter((other) => other <= volume).length / among.length;
}
