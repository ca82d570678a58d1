import type { TrainingPeriod } from '@risk-scoring/contract';
import { listSnapshots } from '@risk-scoring/extraction';
import type { Database } from '@risk-scoring/storage';

/** A period of which the ends may be left open. */
export interface OpenPeriod {
  /** First processing date, `YYYY-MM-DD`; that of the window's first snapshot when left out. */
  readonly startDate?: string | undefined;
  /** Last processing date; that of the window's last snapshot when left out. */
  readonly endDate?: string | undefined;
  readonly windowDays: number;
}

/**
 * The period that is meant. Where no snapshot could fill an open end it stays as wide as dates are, and whoever reads the period says that nothing is there.
 *
 * @example
 * await periodOf(database, { windowDays: 30 }); // all snapshots of the window
 */
export async function periodOf(database: Database, period: OpenPeriod): Promise<TrainingPeriod> {
  const { startDate, endDate, windowDays } = period;
  const dates =
    startDate !== undefined && endDate !== undefined
      ? []
      : (await listSnapshots(database))
          .filter((snapshot) => snapshot.windowDays === windowDays)
          .map(({ processingDate }) => processingDate);
  return {
    network: database.network,
    startDate: startDate ?? dates.find((date) => endDate === undefined || date <= endDate) ?? '1970-01-01',
    endDate:
      endDate ?? dates.findLast((date) => startDate === undefined || date >= startDate) ?? '2149-06-06',
    windowDays,
  };
}
