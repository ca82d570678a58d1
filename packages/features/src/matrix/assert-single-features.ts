import { addressKeySql, type Database } from '@risk-scoring/storage';
import type { FeatureSnapshot } from './chunks.ts';
import { DuplicateFeaturesError } from './errors.ts';

/**
 * Checks that no address has two rows of features in a snapshot.
 *
 * @throws {DuplicateFeaturesError} naming the addresses of the first snapshot where one has
 */
export async function assertSingleFeatures(
  database: Database,
  { snapshots }: { readonly snapshots: readonly FeatureSnapshot[] },
): Promise<void> {
  const rows = await database.query<{ date: string; addresses: string[]; count: number }>({
    sql: `SELECT
    toString(processing_date) AS date,
    arraySort(groupArray(5)(spelling)) AS addresses,
    toFloat64(count()) AS count
FROM
(
    SELECT processing_date, min(address) AS spelling
    FROM published_features
    WHERE processing_date IN {processing_dates:Array(Date)} AND window_days = {window_days:UInt16}
    GROUP BY processing_date, ${addressKeySql('address')}
    HAVING count() > 1
    ORDER BY spelling
)
GROUP BY processing_date
ORDER BY processing_date
LIMIT 1`,
    params: {
      processing_dates: snapshots.map((snapshot) => snapshot.processingDate),
      window_days: snapshots[0]?.windowDays ?? 0,
    },
    doing: 'looking for addresses with two rows of features',
  });
  const [first] = rows;
  if (first) {
    throw new DuplicateFeaturesError({
      snapshot: first.date,
      addresses: first.addresses,
      count: first.count,
    });
  }
}
