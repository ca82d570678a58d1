import { addressKey } from '@risk-scoring/contract';
import { severityCode } from './alert.ts';
import { parseAmount, usd } from './exact.ts';
import { numberOf, type RawRow, textOf, textsOf } from './raw-rows.ts';
import type { Surroundings } from './world.ts';

/** The address's clusters in the snapshot, and what its largest one is like. */
export function clusterFeatures({ clusters }: Surroundings): Record<string, number> {
  const [largest] = [...clusters].sort(largestFirst);
  const severities = clusters
    .map((cluster) => severityCode(textOf(cluster, 'severity_max')))
    .filter((code) => !Number.isNaN(code));
  return {
    in_cluster: Number(clusters.length > 0),
    cluster_count: clusters.length,
    cluster_size: largest ? numberOf(largest, 'total_alerts') : Number.NaN,
    cluster_address_count: largest
      ? new Set(textsOf(largest, 'addresses_involved').map(addressKey)).size
      : Number.NaN,
    cluster_volume_usd: largest ? usd(volumeOf(largest)) : Number.NaN,
    cluster_severity_max: severities.length > 0 ? Math.max(...severities) : Number.NaN,
    cluster_confidence_avg: largest ? numberOf(largest, 'confidence_avg') : Number.NaN,
  };
}

/** Most alerts first, then most volume, then the last id. */
function largestFirst(a: RawRow, b: RawRow): number {
  const alerts = numberOf(b, 'total_alerts') - numberOf(a, 'total_alerts');
  if (alerts !== 0) return alerts;
  const [volumeA, volumeB] = [volumeOf(a), volumeOf(b)];
  if (volumeA !== volumeB) return volumeA < volumeB ? 1 : -1;
  return textOf(a, 'cluster_id') < textOf(b, 'cluster_id') ? 1 : -1;
}

function volumeOf(cluster: RawRow): bigint {
  return parseAmount(textOf(cluster, 'total_volume_usd'));
}
