import { addressKeySql } from '@risk-scoring/storage';

/** The rows of the snapshots that are asked for, in any published table. */
export const IN_SNAPSHOTS =
  'processing_date IN {processing_dates:Array(Date)} AND window_days = {window_days:UInt16}';

/** One row: one alert, with names of its own so that a join is never ambiguous. */
export const ALERTED_ADDRESSES = `SELECT processing_date AS alert_date, alert_id, ${addressKeySql('address')} AS alerted_address
    FROM published_alerts
    WHERE ${IN_SNAPSHOTS}`;
