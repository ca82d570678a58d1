import type { Table } from 'apache-arrow';

/** What a training reads: all published snapshots of one window between two processing dates. */
export interface TrainingPeriod {
  /** Also names the database: `risk_scoring_{network}`. */
  readonly network: string;
  /** First processing date, `YYYY-MM-DD`, inclusive. */
  readonly startDate: string;
  /** Last processing date, `YYYY-MM-DD`, inclusive. */
  readonly endDate: string;
  /** How many days before its processing date a snapshot looks back. */
  readonly windowDays: number;
}

/** The tables of a period, by the name they have in {@link TrainingData}. */
export type TrainingTable = 'alerts' | 'features' | 'clusters' | 'moneyFlows' | 'addressLabels';

/** Every {@link TrainingTable}, for messages and checks. */
export const TRAINING_TABLES: readonly TrainingTable[] = [
  'alerts',
  'features',
  'clusters',
  'moneyFlows',
  'addressLabels',
];

/**
 * The published rows of a period as Arrow tables, columns named as SOT names them.
 *
 * Tables that a strategy did not ask for are empty, never absent. Rows are in the order of their
 * table's sorting key, so the same period always gives the same row order. The tables belong to
 * whoever extracted them: read them, never write into their buffers.
 */
export interface TrainingData {
  readonly period: TrainingPeriod;
  /** One row per alert and snapshot, by (processing_date, alert_id). */
  readonly alerts: Table;
  /** One row per address and snapshot. */
  readonly features: Table;
  readonly clusters: Table;
  readonly moneyFlows: Table;
  /**
   * An address may have several rows, from several sources, that disagree. Rows of miner_labels follow those that SOT published: of these
   * `data_set` and `data_set_version` are not empty, `data_set_is_latest` tells the version imported last, and `valid_from` is the first
   * processing date that the label is about (1970-01-01: any), which also stands as their `processing_date`.
   */
  readonly addressLabels: Table;
}
