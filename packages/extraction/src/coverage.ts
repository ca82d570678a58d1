import { RiskScoringError, type TrainingPeriod } from '@risk-scoring/contract';
import { addressKeySql, type Database } from '@risk-scoring/storage';

/** Too few alerts have a row in raw_features for scores to mean anything. */
export class FeaturesMissingError extends RiskScoringError {
  constructor(parts: { period: TrainingPeriod; expected: string; found: number }) {
    const { network, startDate, endDate } = parts.period;
    super({
      code: 'FEATURES_MISSING',
      category: 'data',
      summary: `raw_features of ${network} does not describe the alerted addresses from ${startDate} to ${endDate}.`,
      expected: parts.expected,
      found: `${(parts.found * 100).toFixed(1)} % of the alerts with one`,
      remedy:
        'ingest whole snapshots: their raw_features must be of the same dates, window and addresses as their raw_alerts',
    });
  }
}

/**
 * The share of a period's alerts whose address has a row in raw_features of the same snapshot, 0..1. Features of the
 * others are unknown, which a model takes without a word; so somebody has to look.
 *
 * @example
 * await featureCoverage(database, period); // 0.97
 */
export async function featureCoverage(database: Database, period: TrainingPeriod): Promise<number> {
  const inPeriod = 'processing_date BETWEEN {start:Date} AND {end:Date} AND window_days = {window:UInt16}';
  const address = addressKeySql('address');
  const [row] = await database.query<{ covered: number }>({
    sql: `SELECT toFloat64(avg((processing_date, ${address}) IN (
    SELECT processing_date, ${address} FROM published_features WHERE ${inPeriod}
))) AS covered
FROM published_alerts
WHERE ${inPeriod}`,
    params: { start: period.startDate, end: period.endDate, window: period.windowDays },
    doing: 'matching alerts with raw_features',
  });
  return row?.covered ?? 0;
}
