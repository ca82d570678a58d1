import { isDeepStrictEqual } from 'node:util';
import { RiskScoringError } from '@risk-scoring/contract';
import {
  FeaturesMissingError,
  featureCoverage,
  fingerprintPeriod,
  type TableFingerprint,
} from '@risk-scoring/extraction';
import { columnsOf, readsEarlier } from '@risk-scoring/features';
import type { Database } from '@risk-scoring/storage';
import { assertEnoughMemory } from './enough-memory.ts';
import { learningRows } from './fit.ts';
import { findLabelLeaks } from './label-leaks.ts';
import { checkLeakage, type LeakageReport, refuseLeaks } from './leakage.ts';
import type { SettledTrainOptions } from './train-options.ts';
import { buildTrainingFeatures, type TrainingFeatures } from './training-features.ts';
import { planTraining, type TrainingPlan } from './training-plan.ts';
import { snapshotsOfRows } from './training-subject.ts';

/** What the rows of a period were when they were read. */
export interface Fingerprints {
  readonly fingerprint: Readonly<Record<string, TableFingerprint>>;
  /** Of the snapshots before the period, where features look back at them. */
  readonly history: Readonly<Record<string, TableFingerprint>> | undefined;
}

/** All that is there before a model learns anything. */
export interface PreparedTraining extends Fingerprints {
  readonly plan: TrainingPlan;
  readonly features: TrainingFeatures;
  /** Share of the alerts with address features. */
  readonly coverage: number;
  readonly leakage: LeakageReport;
  /** Throws where the data is not what the features were computed on. */
  readonly checkUnchanged: () => Promise<void>;
}

/**
 * Reads and labels a period, sets the holdout aside, computes the features and looks for leaks: what a training and all trials of a tuning begin with.
 *
 * @param onPlan told what would be learned from before features are computed; what it throws ends it
 * @throws {RiskScoringError} typed: see the packages of the steps
 */
export async function prepareTraining(
  database: Database,
  settled: SettledTrainOptions,
  onPlan?: (plan: TrainingPlan) => void,
): Promise<PreparedTraining> {
  const { period, trainer } = settled;
  const fingerprint = await fingerprintPeriod(database, period);
  const history = await fingerprintHistory(database, settled);
  const plan = await planTraining(database, period, settled);
  onPlan?.(plan);
  const coverage = await checkCoverage(database, settled);
  const shape = { rows: plan.splitGroups.length, columns: columnsOf(settled.featureGroups).length };
  assertEnoughMemory(shape, trainer, settled.memoryLimit);
  const features = await buildTrainingFeatures(database, plan, settled);
  const checkUnchanged = () => assertUnchanged(database, settled, { fingerprint, history });
  await checkUnchanged();
  const leakage = await checkForLeaks(database, { plan, features, settled });
  return { fingerprint, history, plan, coverage, features, leakage, checkUnchanged };
}

/** Looks for leaks before anything is learned; the permutation test comes later, as it takes a model. */
async function checkForLeaks(
  database: Database,
  {
    plan,
    features,
    settled,
  }: {
    readonly plan: TrainingPlan;
    readonly features: TrainingFeatures;
    readonly settled: SettledTrainOptions;
  },
): Promise<LeakageReport> {
  const { splitter, featureGroups, period, signal, onProgress } = settled;
  const labelLeaks = await findLabelLeaks(database, {
    featurePlan: features.featurePlan,
    featureGroups,
    snapshots: snapshotsOfRows(plan.rows, period.windowDays),
    signal,
  });
  const report = checkLeakage(features.matrix, plan, {
    splitter,
    splitGroups: plan.splitGroups,
    learned: learningRows({ plan, ...settled }),
    labelLeaks,
  });
  if (!settled.allowLeakage) refuseLeaks(report);
  onProgress?.({
    stage: 'leakage check',
    done: 1,
    total: 1,
    detail: `${report.passed ? report.features : `${report.findings.length} found, and allowed`}; strongest feature ${report.strongest_feature ?? 'unknown'}`,
  });
  return report;
}

/** Fingerprints of the snapshots before the period, where a feature looks back at them. */
async function fingerprintHistory(
  database: Database,
  { period, featureGroups }: SettledTrainOptions,
): Promise<Record<string, TableFingerprint> | undefined> {
  if (!featureGroups.some(readsEarlier)) return undefined;
  const dayBefore = new Date(Date.parse(`${period.startDate}T00:00:00Z`) - 86_400_000)
    .toISOString()
    .slice(0, 10);
  return fingerprintPeriod(database, { ...period, startDate: '1970-01-01', endDate: dayBefore });
}

/** Address features that are all unknown would train in silence a model that knows nothing of addresses. */
async function checkCoverage(
  database: Database,
  { period, featureGroups }: SettledTrainOptions,
): Promise<number> {
  const coverage = await featureCoverage(database, period);
  if (coverage === 0 && featureGroups.some((group) => group.name === 'address')) {
    throw new FeaturesMissingError({
      period,
      expected: 'a row for the address of most alerts',
      found: coverage,
    });
  }
  return coverage;
}

/** Checks that the rows are still those whose fingerprints were taken. */
async function assertUnchanged(
  database: Database,
  settled: SettledTrainOptions,
  { fingerprint, history }: Fingerprints,
): Promise<void> {
  if (
    !isDeepStrictEqual(await fingerprintPeriod(database, settled.period), fingerprint) ||
    !isDeepStrictEqual(await fingerprintHistory(database, settled), history)
  ) {
    throw new DataChangedError();
  }
}

/** A snapshot was ingested while a training read it: labels and features would be of different data. */
class DataChangedError extends RiskScoringError {
  constructor() {
    super({
      code: 'DATA_CHANGED',
      category: 'data',
      summary: 'The published rows of the period changed while they were read.',
      expected: 'the same rows for labels and for features',
      found: 'others',
      remedy: 'train again, and ingest before or after',
    });
  }
}
