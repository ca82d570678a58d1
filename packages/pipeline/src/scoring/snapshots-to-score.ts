import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';
import type { SnapshotToScore } from './score-parts.ts';

/** Which snapshots: of a window, and of a range of dates where one is given. */
export interface SnapshotRange {
  readonly windowDays: number;
  /** `YYYY-MM-DD`, both inclusive. */
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
}

/**
 * The published snapshots that have rows for a model of a type, by date, with how many: alerts, or for a cluster scorer clusters.
 *
 * @example
 * await snapshotsToScore(database, 'cluster_scorer', { windowDays: 30 }); // [{ processingDate: '2020-01-01', windowDays: 30, rows: 78 }]
 */
export async function snapshotsToScore(
  database: Database,
  modelType: ModelType,
  { windowDays, startDate = '1970-01-01', endDate = '2149-06-06' }: SnapshotRange,
): Promise<SnapshotToScore[]> {
  const counts = await database.query<{ date: string; rows: number }>({
    sql: `SELECT toString(processing_date) AS date, toFloat64(count()) AS rows
FROM ${modelType === 'cluster_scorer' ? 'published_clusters' : 'published_alerts'}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}
GROUP BY processing_date
ORDER BY processing_date`,
    params: { start: startDate, end: endDate, window: windowDays },
    doing: 'counting the rows of snapshots',
  });
  return counts.map(({ date, rows }) => ({ processingDate: date, windowDays, rows }));
}
