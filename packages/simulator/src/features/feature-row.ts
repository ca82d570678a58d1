import type { RAW_FEATURES } from '../tables/raw-features.ts';
import type { Table } from '../tables/table.ts';
import type { Activity } from './activity.ts';

/** The feature table while it is being filled. */
export type FeatureTable = Table<typeof RAW_FEATURES>;

/** Where the features of one address go. */
export interface FeatureRow {
  readonly columns: FeatureTable['columns'];
  readonly row: number;
  /** At least one transfer. */
  readonly activity: Activity;
}
