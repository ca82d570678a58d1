import type { FeatureGroup } from '@risk-scoring/contract';
import { levelSql, numeric } from './fragments.ts';

const outside = 'the address is in no cluster of the snapshot';

/** The clusters of the alert's address in the same snapshot. */
export const clusterGroup: FeatureGroup = {
  specificationVersion: 'v1',
  name: 'cluster',
  per: 'address',
  severalSnapshots: true,
  columns: [
    {
      name: 'in_cluster',
      kind: 'boolean',
      meaning: 'the address is in a cluster of the snapshot',
      missing: 'never missing',
      absent: 0,
    },
    numeric('cluster_count', 'clusters of the snapshot that the address is in', { unit: 'count', absent: 0 }),
    numeric('cluster_size', 'total_alerts of its largest cluster', { unit: 'count', missing: outside }),
    numeric('cluster_address_count', 'addresses of its largest cluster', { unit: 'count', missing: outside }),
    numeric('cluster_volume_usd', 'total_volume_usd of its largest cluster', {
      unit: 'USD',
      missing: outside,
    }),
    numeric('cluster_severity_max', 'highest severity of its clusters: low 1, medium 2, high 3, critical 4', {
      missing: `${outside}, or the severity is none of these`,
    }),
    numeric('cluster_confidence_avg', 'confidence_avg of its largest cluster, 0..1', {
      unit: 'ratio',
      missing: outside,
    }),
  ],
  // One row: one address that is in a cluster. The largest cluster has most alerts, then most volume, then the last id in the alphabet.
  sql: `SELECT
    processing_date,
    address_key,
    1 AS in_cluster,
    count() AS cluster_count,
    argMax(tuple(total_alerts, length(arrayDistinct(member_keys)), total_volume_usd, confidence_avg), tuple(total_alerts, total_volume_usd, cluster_id)) AS largest,
    largest.1 AS cluster_size,
    largest.2 AS cluster_address_count,
    largest.3 AS cluster_volume_usd,
    nullIf(max(${levelSql('severity_max')}), 0) AS cluster_severity_max,
    largest.4 AS cluster_confidence_avg
FROM
(
    SELECT processing_date, cluster_id, member_keys, total_alerts, total_volume_usd, confidence_avg, severity_max, arrayJoin(arrayDistinct(member_keys)) AS address_key
    FROM clusters
)
GROUP BY processing_date, address_key`,
};
