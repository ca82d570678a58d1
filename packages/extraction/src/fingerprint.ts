import type { TrainingPeriod } from '@risk-scoring/contract';
import { type Database, RAW_TABLES } from '@risk-scoring/storage';

/** How many rows of a table a training could see, and a hash over all their values. */
export interface TableFingerprint {
  readonly rows: number;
  /** Sum of the rows' cityHash64, modulo 2^64: the same rows in any order give the same number. */
  readonly hash: string;
}

/**
 * Fingerprints of the published rows of a period, by table, computed in the database. They tell whether
 * a model was trained on the data at hand; they are no protection against somebody who forges them.
 *
 * @example
 * const prints = await fingerprintPeriod(database, period);
 * prints.raw_alerts; // { rows: 34440, hash: '9758620198422592994' }
 */
export async function fingerprintPeriod(
  database: Database,
  period: TrainingPeriod,
): Promise<Record<string, TableFingerprint>> {
  const prints: Record<string, TableFingerprint> = {};
  for (const { name, view } of RAW_TABLES) {
    const [row] = await database.query<TableFingerprint>({
      sql: `SELECT toFloat64(count()) AS rows, toString(sum(cityHash64(tuple(* EXCEPT (batch_id, created_at))))) AS hash
FROM ${view}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}`,
      params: { start: period.startDate, end: period.endDate, window: period.windowDays },
      doing: `fingerprinting ${view}`,
    });
    prints[name] = row ?? { rows: 0, hash: '0' };
  }
  return prints;
}
