import { RiskScoringError, type TrainingPeriod } from '@risk-scoring/contract';
import { assertUsable, FeaturesMissingError, featureCoverage } from '@risk-scoring/extraction';
import type { StoredModel } from '@risk-scoring/model-storage';
import type { Database } from '@risk-scoring/storage';
import type { SnapshotToScore } from './score-parts.ts';
import { snapshotsToScore } from './snapshots-to-score.ts';

/**
 * Checks that a snapshot has what a model scores it by.
 *
 * @param snapshot with its alerts as `rows`
 * @returns the snapshot with the rows that the model scores: for a cluster scorer its clusters
 * @throws {InvalidDataError} when rows would make features wrong
 * @throws {FeaturesMissingError} when far fewer alerts have address features than in training
 * @throws {RiskScoringError} `NO_CLUSTERS` where there are none to score
 * @example
 * const { rows } = await assertScorable(database, model, { processingDate: '2020-01-01', windowDays: 30, rows: alerts });
 */
export async function assertScorable(
  database: Database,
  model: StoredModel,
  snapshot: SnapshotToScore,
): Promise<SnapshotToScore> {
  const { processingDate, windowDays } = snapshot;
  const period: TrainingPeriod = {
    network: database.network,
    startDate: processingDate,
    endDate: processingDate,
    windowDays,
  };
  await assertUsable(database, period);
  if (model.metadata.model_type === 'cluster_scorer') {
    return { ...snapshot, rows: await countClusters(database, period) };
  }
  await checkCoverage(database, period, model);
  return snapshot;
}

/** A snapshot that came without most of its features gets no scores: they would look like any others. */
async function checkCoverage(
  database: Database,
  period: TrainingPeriod,
  { metadata }: StoredModel,
): Promise<void> {
  const least = metadata.data_stats.feature_coverage / 2;
  const found = await featureCoverage(database, period);
  if (found >= least) return;
  throw new FeaturesMissingError({
    period,
    expected: `a row for the address of at least ${(least * 100).toFixed(1)} % of the alerts, half the share in training`,
    found,
  });
}

/**
 * How many clusters a snapshot has.
 *
 * @throws {RiskScoringError} `NO_CLUSTERS` where it has none
 */
async function countClusters(
  database: Database,
  { startDate, endDate, windowDays }: TrainingPeriod,
): Promise<number> {
  const [found] = await snapshotsToScore(database, 'cluster_scorer', { startDate, endDate, windowDays });
  if (found !== undefined) return found.rows;
  throw new RiskScoringError({
    code: 'NO_CLUSTERS',
    category: 'data',
    summary: `The snapshot of ${startDate} (window ${windowDays}) has no clusters to score.`,
    expected: 'rows in raw_clusters of that date and window',
    found: 'none',
    remedy: 'ingest the whole snapshot, or score its alerts with an alert_scorer',
  });
}
