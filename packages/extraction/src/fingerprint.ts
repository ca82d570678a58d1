import type { TrainingPeriod } from '@risk-scoring/contract';
import { type Database, inParallel, latestLabelSets, RAW_TABLES } from '@risk-scoring/storage';

/** How many rows of a table a training could see, and a hash over all their values. */
export interface TableFingerprint {
  readonly rows: number;
  /** Sum of the rows' cityHash64, modulo 2^64: the same rows in any order give the same number. */
  readonly hash: string;
}

/** Statements under way at once: one for each of a few cores. */
const STATEMENTS_AT_ONCE = 2;

/**
 * Fingerprints of the published rows of a period, by table, computed in the database; of `miner_labels`, which belong to no period, of all
 * published rows and of which versions are the latest. They tell whether a model was trained on the data at hand; they are no protection
 * against somebody who forges them.
 *
 * @example
 * const prints = await fingerprintPeriod(database, period);
 * prints.raw_alerts; // { rows: 34440, hash: '9758620198422592994' }
 * prints.miner_labels; // { rows: 0, hash: '0' }
 */
export async function fingerprintPeriod(
  database: Database,
  period: TrainingPeriod,
): Promise<Record<string, TableFingerprint>> {
  const params = { start: period.startDate, end: period.endDate, window: period.windowDays };
  const statements = [
    ...RAW_TABLES.map(({ name, view }) => ({
      name,
      hashed: 'tuple(* EXCEPT (batch_id, created_at))',
      from: `${view}
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}`,
      params,
    })),
    {
      name: 'miner_labels',
      hashed: `tuple(* EXCEPT (batch_id, created_at), tuple(data_set, data_set_version) IN (${latestLabelSets}))`,
      from: 'published_miner_labels',
      params: {},
    },
  ];
  const prints = new Map<string, TableFingerprint>();
  await inParallel(statements, STATEMENTS_AT_ONCE, async (statement) => {
    const [row] = await database.query<TableFingerprint>({
      sql: `SELECT toFloat64(count()) AS rows, toString(sum(cityHash64(${statement.hashed}))) AS hash
FROM ${statement.from}`,
      params: statement.params,
      beside: true,
      doing: `fingerprinting ${statement.name}`,
    });
    prints.set(statement.name, row ?? { rows: 0, hash: '0' });
  });
  // In the order of the tables, whichever was done first.
  return Object.fromEntries(
    statements.map(({ name }) => [name, prints.get(name) ?? { rows: 0, hash: '0' }] as const),
  );
}
