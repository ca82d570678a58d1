import { CancelledError, InvalidInputError, type LabelStrategy } from '@risk-scoring/contract';
import { listSnapshots } from '@risk-scoring/extraction';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import { type LearnedFrom, learnedFrom } from '../learned/learned-from.ts';
import type { OnPipelineProgress } from '../progress.ts';
import { loadModelToScore, type ModelToScore } from '../scoring/model-to-score.ts';
import { openModelScorer } from '../scoring/score-parts.ts';
import { snapshotsToScore } from '../scoring/snapshots-to-score.ts';
import { type Crossing, crossedThresholds, driftedFeatures } from './crossed-thresholds.ts';
import { driftOfSnapshot } from './drift-of-snapshot.ts';
import { NothingToMonitorError } from './errors.ts';
import { referenceOf } from './reference-of.ts';
import type { SnapshotDrift } from './snapshot-drift.ts';
import { type MonitorThresholds, thresholdsOf } from './thresholds.ts';

/** Options of {@link monitorModel}. */
export interface MonitorOptions extends ModelToScore {
  /** First processing date; the day after the training period when absent. */
  readonly startDate?: string | undefined;
  /** Last processing date, inclusive; that of the last snapshot when absent. */
  readonly endDate?: string | undefined;
  /** Labels the rows in place of the strategy that judged the model. */
  readonly labelStrategy?: LabelStrategy | undefined;
  readonly thresholds?: Partial<MonitorThresholds> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnPipelineProgress | undefined;
}

/** A snapshot and what it crossed. */
export interface MonitoredSnapshot extends SnapshotDrift {
  /** Features in use that drifted, worst first. */
  readonly drifted_features: readonly string[];
  /** Features in use. */
  readonly used_features: number;
  readonly crossed: readonly Crossing[];
}

/** How a model fares, snapshot by snapshot, as plain JSON. */
export interface Monitoring {
  readonly model_id: string;
  readonly network: string;
  readonly window_days: number;
  readonly training_period: { readonly start_date: string; readonly end_date: string };
  readonly thresholds: MonitorThresholds;
  readonly snapshots: readonly MonitoredSnapshot[];
  /** Whether no snapshot crossed a threshold. */
  readonly passed: boolean;
}

/**
 * Watches a model: compares snapshots with what it was trained on and says which thresholds they crossed. See {@link driftOfSnapshot} for what is
 * compared and {@link crossedThresholds} for when it alarms. It writes nothing.
 *
 * @throws {NothingToMonitorError} when the range has no snapshot
 * @throws {RiskScoringError} `MODEL_DOES_NOT_FIT` for a model of another network, window or type
 * @throws {InvalidInputError} on a date or threshold that cannot be meant
 * @throws what driftOfSnapshot throws
 * @example
 * const { passed, snapshots } = await monitorModel(database, { windowDays: 30, model: 'champion' });
 * snapshots.flatMap(({ crossed }) => crossed.map(({ says }) => says));
 */
export async function monitorModel(database: Database, options: MonitorOptions): Promise<Monitoring> {
  const thresholds = thresholdsOf(options.thresholds);
  checkDates(options);
  const model = await loadModelToScore(database, options);
  const { metadata } = model;
  referenceOf(model);
  const dates = await datesOf(database, model, options);
  const { signal, onProgress, labelStrategy, windowDays } = options;
  const snapshots: MonitoredSnapshot[] = [];
  let known: Promise<LearnedFrom> | undefined;
  const learned = () => {
    known ??= learnedFrom(database, model);
    return known;
  };
  const scorer = await openModelScorer(model);
  try {
    for (const processingDate of dates) {
      if (signal?.aborted) throw new CancelledError({ during: 'watching a model' });
      const drift = await driftOfSnapshot(database, {
        ...{ model, scorer, learned, processingDate, windowDays, labelStrategy, signal, onProgress },
      });
      snapshots.push({
        ...drift,
        drifted_features: driftedFeatures(drift.features, thresholds).map(({ name }) => name),
        used_features: drift.features.filter(({ gain_share: share }) => share !== 0).length,
        crossed: crossedThresholds(drift, { metadata, thresholds }),
      });
    }
  } finally {
    await scorer.dispose();
  }
  const { start_date, end_date } = metadata.training_period;
  return {
    model_id: metadata.model_id,
    network: database.network,
    window_days: windowDays,
    training_period: { start_date, end_date },
    thresholds,
    snapshots,
    passed: snapshots.every(({ crossed }) => crossed.length === 0),
  };
}

/** The dates of the range that have rows for the model. */
async function datesOf(
  database: Database,
  { metadata }: StoredModel,
  { startDate, endDate, windowDays }: MonitorOptions,
): Promise<string[]> {
  const trainedTo = metadata.training_period.end_date;
  const all = (await listSnapshots(database))
    .filter((snapshot) => snapshot.windowDays === windowDays)
    .map(({ processingDate }) => processingDate);
  const scorable = new Set(
    (await snapshotsToScore(database, metadata.model_type, { windowDays })).map(
      ({ processingDate }) => processingDate,
    ),
  );
  const dates = all.filter(
    (date) =>
      (startDate === undefined ? date > trainedTo : date >= startDate) &&
      (endDate === undefined || date <= endDate) &&
      scorable.has(date),
  );
  if (dates.length > 0) return dates;
  const from =
    startDate === undefined ? `later than ${trainedTo}, where its training ends` : `from ${startDate} on`;
  throw new NothingToMonitorError({
    modelId: metadata.model_id,
    range: `${from}${endDate === undefined ? '' : `, up to ${endDate}`}, with window_days = ${windowDays}`,
    found:
      all.length === 0
        ? `no snapshot with window_days = ${windowDays}`
        : `${all.length} snapshots from ${all[0]} to ${all.at(-1)}`,
  });
}

function checkDates(options: MonitorOptions): void {
  for (const name of ['startDate', 'endDate'] as const) {
    const date = options[name];
    if (date === undefined || isDate(date)) continue;
    throw new InvalidInputError({ what: `The ${name}`, expected: 'a date such as 2020-01-31', found: date });
  }
  const { startDate, endDate } = options;
  if (startDate === undefined || endDate === undefined || startDate <= endDate) return;
  throw new InvalidInputError({
    what: 'The range of snapshots',
    expected: 'a first date that is not later than the last one',
    found: `${startDate} to ${endDate}`,
  });
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
