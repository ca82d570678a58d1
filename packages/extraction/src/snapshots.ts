import { NoAlertsFoundError, type TrainingPeriod } from '@risk-scoring/contract';
import type { Database } from '@risk-scoring/storage';

/** A published snapshot that has alerts. */
export interface SnapshotSummary {
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  readonly alerts: number;
}

/** The published snapshots of a network, by window and date. */
export async function listSnapshots(database: Database): Promise<SnapshotSummary[]> {
  return database.query<{ processingDate: string; windowDays: number; alerts: number }>({
    sql: `SELECT
    toString(processing_date) AS processingDate,
    window_days AS windowDays,
    toFloat64(count()) AS alerts
FROM published_alerts
GROUP BY window_days, processing_date
ORDER BY window_days, processing_date`,
    doing: 'listing the snapshots',
  });
}

/**
 * The snapshots of a period, in order.
 *
 * @throws {NoAlertsFoundError} when there is none, saying what there is instead
 * @example
 * const snapshots = await snapshotsOfPeriod(database, period);
 */
export async function snapshotsOfPeriod(
  database: Database,
  period: TrainingPeriod,
): Promise<SnapshotSummary[]> {
  const all = await listSnapshots(database);
  const inside = all.filter(
    ({ processingDate, windowDays }) =>
      windowDays === period.windowDays &&
      processingDate >= period.startDate &&
      processingDate <= period.endDate,
  );
  if (inside.length === 0) throw new NoAlertsFoundError({ period, available: describe(all) });
  return inside;
}

function describe(snapshots: readonly SnapshotSummary[]): string {
  if (snapshots.length === 0) return 'no snapshot at all';
  const windows = new Map<number, SnapshotSummary[]>();
  for (const snapshot of snapshots) {
    const list = windows.get(snapshot.windowDays);
    if (list) list.push(snapshot);
    else windows.set(snapshot.windowDays, [snapshot]);
  }
  return [...windows]
    .map(
      ([windowDays, list]) =>
        `window ${windowDays}: ${list.length} snapshots from ${list[0]?.processingDate} to ${list.at(-1)?.processingDate}`,
    )
    .join('; ');
}
