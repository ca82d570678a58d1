import { isDeepStrictEqual } from 'node:util';
import { type ModelArtifact, RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import {
  FeaturesMissingError,
  featureCoverage,
  fingerprintPeriod,
  type TableFingerprint,
} from '@risk-scoring/extraction';
import { columnsOf, readsEarlier, reportColumns } from '@risk-scoring/features';
import { type SavedModel, saveModel } from '@risk-scoring/model-storage';
import { calibrateOnnx } from '@risk-scoring/onnx';
import type { Database } from '@risk-scoring/storage';
import type { Finish } from './calibration.ts';
import { composeMetadata, type TrainingFindings } from './compose-metadata.ts';
import { summariseContributions } from './contributions.ts';
import { assertEnoughMemory } from './enough-memory.ts';
import { learningRows } from './fit.ts';
import { onnxOf, proveOnnx } from './judge.ts';
import { findLabelLeaks } from './label-leaks.ts';
import { usedDataSets } from './labelling/used-data-sets.ts';
import { checkLeakage, type LeakageReport, refuseLeaks } from './leakage.ts';
import { type TrainingOutcome, trainAndJudge } from './train-and-judge.ts';
import { type SettledTrainOptions, settleTrainOptions, type TrainOptions } from './train-options.ts';
import { addressesOf, buildTrainingFeatures, type TrainingFeatures } from './training-features.ts';
import { type PlanCounts, planTraining, type TrainingPlan } from './training-plan.ts';
import { snapshotsOfRows } from './training-subject.ts';

/**
 * Trains a model on a period, judges it on addresses it never saw, proves its ONNX twin equal and saves it, whole or
 * not at all. The model that is saved is the model that was judged, unless it is to be refitted on all rows.
 *
 * Steps: extract, label, set the holdout aside, compute features (encodings fitted on the other rows), check for
 * leaks, cross-validate on the training part, calibrate and choose a threshold on what the folds said, train on the training part, judge on the
 * holdout, save.
 *
 * @throws {RiskScoringError} typed: see the packages of the steps
 * @throws {CancelledError} soon after the signal aborts; nothing is left behind
 * @example
 * const saved = await trainModel(database, {
 *   period: { network: 'ethereum', startDate: '2018-02-01', endDate: '2019-12-01', windowDays: 30 },
 *   modelType: 'alert_scorer', labelStrategy: labelStrategyByName('address'), trainer: trainerByName('lightgbm', 'alert_scorer'),
 *   splitter: splitterByName('address'), outputDir: 'trained_models', modelVersion: '1.0.0', seed: 42,
 * });
 * saved.metadata.metrics.test_auc;
 */
export async function trainModel(database: Database, options: TrainOptions): Promise<SavedModel> {
  const settled = settleTrainOptions(options, database.network);
  const { period, trainer, seed, signal, onProgress } = settled;
  const fingerprint = await fingerprintPeriod(database, period);
  const history = await fingerprintHistory(database, settled);
  const plan = await planTraining(database, period, settled);
  const coverage = await checkCoverage(database, settled);
  assertEnoughMemory(
    { rows: plan.splitGroups.length, columns: columnsOf(settled.featureGroups).length },
    trainer,
    settled.memoryLimit,
  );
  const features = await buildTrainingFeatures(database, plan, settled);
  const { matrix, featurePlan } = features;
  const checkUnchanged = () => assertUnchanged(database, settled, { fingerprint, history });
  await checkUnchanged();
  const checked = await checkForLeaks(database, { plan, features, settled });

  const run = await trainAndJudge({ settled, plan, features, checkUnchanged, leakage: checked });
  try {
    const uncalibrated = await run.saved.model.artifacts();
    const artifacts = withCalibration(uncalibrated, run.finish);
    const parity = await proveOnnx(
      { uncalibrated, calibrated: artifacts },
      { matrix, scored: run.savedScores, finish: run.finish },
    );
    onProgress?.({
      stage: 'onnx parity',
      done: 1,
      total: 1,
      detail: `largest difference ${parity.maxProbabilityDifference}`,
    });
    const metadata = composeMetadata({
      ...run,
      options: settled,
      plan,
      featurePlan,
      matrix,
      dataSets: await usedDataSets(database, [plan.labelSet.report, plan.judging?.report]),
      shap: await summariseContributions(run.saved.model, { matrix, rows: run.savedScores.rows, seed }),
      parity,
      fingerprint,
      history,
      columnReport: reportColumns(matrix),
      coverage,
    });
    throwIfCancelled(signal, 'saving the model');
    const saved = await saveModel({
      database,
      outputDir: settled.outputDir,
      metadata,
      artifacts,
      holdoutGroups: neverSeen(plan, run),
    });
    onProgress?.({ stage: 'saving', done: 1, total: 1, detail: saved.metadata.model_id });
    return saved;
  } finally {
    await run.saved.model.dispose();
  }
}

/** The holdout's addresses (or groups of clusters) that the saved model has not learned from. */
function neverSeen(plan: TrainingPlan, { saved }: Pick<TrainingOutcome, 'saved'>): string[] {
  const learned = new Set(addressesOf(plan, saved.trainRows, saved.validationRows));
  return addressesOf(plan, plan.holdout.test).filter((address) => !learned.has(address));
}

/** Looks for leaks before anything is learned; the permutation test comes later, as it takes a model. */
export async function checkForLeaks(
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

/** A model's files with the calibration in the ONNX form, which is what serves; the same files where there is none. */
function withCalibration(
  artifacts: readonly ModelArtifact[],
  { calibration }: Finish,
): readonly ModelArtifact[] {
  if (calibration.method === 'none') return artifacts;
  const onnx = onnxOf(artifacts);
  const calibrated = { ...onnx, bytes: calibrateOnnx(onnx.bytes, calibration) };
  return artifacts.map((artifact) => (artifact === onnx ? calibrated : artifact));
}

/**
 * What {@link trainModel} would learn from and be judged on, without computing features, training or writing anything.
 *
 * @throws {RiskScoringError} what trainModel would throw up to that point
 */
export async function dryRunTraining(database: Database, options: TrainOptions): Promise<PlanCounts> {
  const settled = settleTrainOptions(options, database.network);
  return (await planTraining(database, settled.period, settled)).counts;
}

/** Fingerprints of the snapshots before the period, where a feature looks back at them. */
export async function fingerprintHistory(
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
export async function checkCoverage(
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
export async function assertUnchanged(
  database: Database,
  settled: SettledTrainOptions,
  { fingerprint, history }: Pick<TrainingFindings, 'fingerprint' | 'history'>,
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
