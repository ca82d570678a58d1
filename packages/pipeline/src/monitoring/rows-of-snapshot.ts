import type { ModelType } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';

/** How many rows a model of this type scores in a snapshot: its alerts, or its clusters. */
export async function rowsOfSnapshot(
  database: Database,
  snapshot: { readonly modelType: ModelType; readonly processingDate: string; readonly windowDays: number },
): Promise<number> {
  const { modelType, processingDate, windowDays } = snapshot;
  const [row] = await database.query<{ rows: number }>({
    sql:
      modelType === 'cluster_scorer'
        ? `SELECT toFloat64(count()) AS rows
FROM published_clusters
WHERE processing_date = {date:Date} AND window_days = {window:UInt16}`
        : `SELECT toFloat64(count()) AS rows
FROM published_alerts
WHERE processing_date = {date:Date} AND window_days = {window:UInt16}`,
    params: { date: processingDate, window: windowDays },
    doing: 'counting the rows of a snapshot',
  });
  return row?.rows ?? 0;
}
