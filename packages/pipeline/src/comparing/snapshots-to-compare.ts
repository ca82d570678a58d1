import type { ModelType, TrainingPeriod } from '@risk-scoring/contract';
import {
  assertUsable,
  listSnapshots,
  type SnapshotSummary,
  snapshotsOfPeriod,
  validatePeriod,
} from '@risk-scoring/extraction';
import type { Database } from '@risk-scoring/storage';
import type { SnapshotToScore } from '../scoring/score-parts.ts';

/** Which snapshots models are compared on; the latest one where nothing is given. */
export interface CompareDates {
  /** First and last processing date, `YYYY-MM-DD`, both inclusive; one alone stands for both. */
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
}

/**
 * The snapshots that models are compared on, each with its rows.
 *
 * @throws {InvalidInputError} for dates that are none
 * @throws {NoAlertsFoundError} when there is no such snapshot
 * @throws {InvalidDataError} for rows that would make figures wrong
 */
export async function snapshotsToCompare(
  database: Database,
  { startDate, endDate }: CompareDates,
  { windowDays, modelType }: { readonly windowDays: number; readonly modelType: ModelType },
): Promise<SnapshotToScore[]> {
  const latest = startDate ?? endDate ?? (await latestDate(database, windowDays));
  const period: TrainingPeriod = {
    network: database.network,
    startDate: startDate ?? latest,
    endDate: endDate ?? latest,
    windowDays,
  };
  validatePeriod(period);
  const snapshots = await snapshotsOfPeriod(database, period);
  await assertUsable(database, period);
  const rows =
    modelType === 'cluster_scorer' ? await countClusters(database, period) : countAlerts(snapshots);
  return snapshots
    .map(({ processingDate }) => ({ processingDate, windowDays, rows: rows.get(processingDate) ?? 0 }))
    .filter((snapshot) => snapshot.rows > 0);
}

/** The date of the latest snapshot of a window; today where there is none, so that what is missing is said as always. */
async function latestDate(database: Database, windowDays: number): Promise<string> {
  const all = await listSnapshots(database);
  return (
    all.findLast((snapshot) => snapshot.windowDays === windowDays)?.processingDate ??
    new Date().toISOString().slice(0, 10)
  );
}

function countAlerts(snapshots: readonly SnapshotSummary[]): Map<string, number> {
  return new Map(snapshots.map(({ processingDate, alerts }) => [processingDate, alerts]));
}

async function countClusters(
  database: Database,
  { startDate, endDate, windowDays }: TrainingPeriod,
): Promise<Map<string, number>> {
  // One row: a snapshot that has clusters.
  const counts = await database.query<{ date: string; clusters: number }>({
    sql: `SELECT toString(processing_date) AS date, toFloat64(count()) AS clusters
FROM published_clusters
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}
GROUP BY processing_date`,
    params: { start: startDate, end: endDate, window: windowDays },
    doing: 'counting the clusters',
  });
  return new Map(counts.map(({ date, clusters }) => [date, clusters]));
}
