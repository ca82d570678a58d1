import { readTextColumn, type TrainingPeriod } from '@risk-scoring/contract';
import type { AddressIndex } from '@risk-scoring/labels';
import type { Database } from '@risk-scoring/storage';
import { Table } from 'apache-arrow';

/**
 * Which addresses of an index have a row of raw_features in a period.
 *
 * @returns 1 per address that has
 */
export async function addressesWithFeatures(
  database: Database,
  { startDate, endDate, windowDays }: TrainingPeriod,
  { index, signal }: { readonly index: AddressIndex; readonly signal?: AbortSignal | undefined },
): Promise<Uint8Array> {
  const found = new Uint8Array(index.size);
  const batches = database.arrowBatches({
    sql: `SELECT DISTINCT address
FROM published_features
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}`,
    params: { start: startDate, end: endDate, window: windowDays },
    doing: 'reading the addresses of raw_features',
    ...(signal ? { signal } : {}),
  });
  for await (const batch of batches) {
    for (const address of readTextColumn(new Table([batch]), 'address').values) {
      const place = index.find(address);
      if (place >= 0) found[place] = 1;
    }
  }
  return found;
}
