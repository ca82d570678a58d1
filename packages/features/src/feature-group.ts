import type { FeatureColumn } from '@risk-scoring/contract';

/** A column as its group declares it; the group's name is added. */
export type GroupColumn = Omit<FeatureColumn, 'group'>;

/**
 * Some features that belong together, computed by one SELECT in ClickHouse.
 *
 * The SELECT gives one row per alert of the asked-for snapshots: `processing_date`, `alert_id`, and one column per declared
 * feature, NULL or NaN where it is unknown. It reads the `published_*` views, and binds `{processing_dates:Array(Date)}`,
 * `{window_days:UInt16}` and, for each declared encoding, `{encoding_<name>:Array(String)}`. It may look at
 * the row's own snapshot and at earlier ones of the same window, never at later ones.
 */
export interface FeatureGroup {
  readonly name: string;
  readonly columns: readonly GroupColumn[];
  /** Text columns of raw_alerts whose values become codes, by the encoding's name. */
  readonly encodings?: Readonly<Record<string, string>>;
  readonly sql: string;
}
