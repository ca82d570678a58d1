import type { FeatureTable } from './feature-row.ts';
import { percentileRanks } from './statistics.ts';

/** Behaviour whose distance from the usual makes an address stand out. */
const BEHAVIOUR = [
  'burst_factor',
  'velocity_score',
  'structuring_score',
  'night_transaction_ratio',
  'volume_cv',
  'concentration_ratio',
] as const;

/**
 * Ranks within the snapshot, 0..1, of statistics that know no label. `outlier_score` and
 * `neighborhood_anomaly_score` hold raw statistics before and ranks afterwards.
 */
export function writeScores({ columns, rows }: FeatureTable): void {
  const standOut = new Float64Array(rows);
  for (const name of BEHAVIOUR) {
    const ranks = percentileRanks(Float64Array.from(columns[name]));
    for (let row = 0; row < rows; row++) standOut[row] += (2 * ranks[row] - 1) ** 2;
  }
  const behaviour = percentileRanks(standOut);
  const graph = percentileRanks(
    Float64Array.from(columns.degree_total, (degree, row) => degree + columns.kcore[row]),
  );
  const neighbourhood = percentileRanks(Float64Array.from(columns.neighborhood_anomaly_score));
  const together = behaviour.map((rank, row) => rank + graph[row] + neighbourhood[row]);
  columns.behavioral_anomaly_score.set(behaviour);
  columns.graph_anomaly_score.set(graph);
  columns.neighborhood_anomaly_score.set(neighbourhood);
  columns.global_anomaly_score.set(percentileRanks(together));
  columns.outlier_score.set(percentileRanks(Float64Array.from(columns.outlier_score)));
  for (let row = 0; row < rows; row++) {
    columns.suspicious_pattern_score[row] =
      (columns.velocity_score[row] + columns.structuring_score[row]) / 2;
    columns.completeness_score[row] = 1 - 1 / (1 + columns.activity_days[row]);
    columns.confidence_score[row] = 1 - 1 / Math.sqrt(1 + columns.tx_total_count[row]);
    columns.quality_score[row] = (columns.completeness_score[row] + columns.confidence_score[row]) / 2;
  }
}
