import type { ModelMetadata } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';

/** The date of the last published snapshot of a model's window that it could score; null where there is none. */
export async function latestSnapshotOf(
  database: Database,
  { model_type: modelType, training_period: { window_days: windowDays } }: ModelMetadata,
): Promise<string | null> {
  const [row] = await database.query<{ date: string; rows: number }>({
    sql:
      modelType === 'cluster_scorer'
        ? `SELECT toString(max(processing_date)) AS date, toFloat64(count()) AS rows
FROM published_clusters
WHERE window_days = {window:UInt16}`
        : `SELECT toString(max(processing_date)) AS date, toFloat64(count()) AS rows
FROM published_alerts
WHERE window_days = {window:UInt16}`,
    params: { window: windowDays },
    doing: 'looking for the latest snapshot',
  });
  return row !== undefined && row.rows > 0 ? row.date : null;
}
