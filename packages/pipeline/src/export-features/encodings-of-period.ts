import type { FeatureGroup, TrainingPeriod } from '@risk-scoring/contract';
import type { Encodings } from '@risk-scoring/features';
import { type Database, quote } from '@risk-scoring/storage';

/**
 * The values of each encoded column among the alerts of a period, in alphabetical order, as `fitEncodings` orders them.
 *
 * @example
 * await encodingsOfPeriod(database, groups, period); // { typology: ['fan_in', …], … }
 */
export async function encodingsOfPeriod(
  database: Database,
  groups: readonly FeatureGroup[],
  period: TrainingPeriod,
): Promise<Encodings> {
  const encodings: Record<string, readonly string[]> = {};
  for (const [name, column] of groups.flatMap((group) => Object.entries(group.encodings ?? {}))) {
    encodings[name] = await valuesOf(database, column, period);
  }
  return encodings;
}

async function valuesOf(database: Database, column: string, period: TrainingPeriod): Promise<string[]> {
  // One row: one value.
  const rows = await database.query<{ value: string }>({
    sql: `SELECT DISTINCT toString(${quote(column)}) AS value
FROM published_alerts
WHERE processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}`,
    params: { start: period.startDate, end: period.endDate, window: period.windowDays },
    doing: `listing the values of ${column}`,
  });
  return rows.map(({ value }) => value).sort();
}
