import type { ModelType, TrainingPeriod } from '@risk-scoring/contract';
import { assertUsable, listSnapshots, snapshotsOfPeriod, validatePeriod } from '@risk-scoring/extraction';
import type { Database } from '@risk-scoring/storage';
import type { SnapshotToScore } from '../scoring/score-parts.ts';
import { snapshotsToScore } from '../scoring/snapshots-to-score.ts';

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
  await snapshotsOfPeriod(database, period);
  await assertUsable(database, period);
  return snapshotsToScore(database, modelType, period);
}

/** The date of the latest snapshot of a window; today where there is none, so that what is missing is said as always. */
async function latestDate(database: Database, windowDays: number): Promise<string> {
  const all = await listSnapshots(database);
  return (
    all.findLast((snapshot) => snapshot.windowDays === windowDays)?.processingDate ??
    new Date().toISOString().slice(0, 10)
  );
}
