import { type ModelArtifact, throwIfCancelled } from '@risk-scoring/contract';
import { reportColumns } from '@risk-scoring/features';
import { type SavedModel, saveModel } from '@risk-scoring/model-storage';
import { calibrateOnnx } from '@risk-scoring/onnx';
import type { Database } from '@risk-scoring/storage';
import type { Finish } from './calibration.ts';
import { composeMetadata } from './compose-metadata.ts';
import { summariseContributions } from './contributions.ts';
import { recordEvaluation } from './evaluation-record.ts';
import { proveOnnx } from './judge.ts';
import { usedDataSets } from './labelling/used-data-sets.ts';
import { onnxOf } from './onnx-of.ts';
import { prepareTraining } from './prepare-training.ts';
import { type TrainingOutcome, trainAndJudge } from './train-and-judge.ts';
import { settleTrainOptions, type TrainOptions } from './train-options.ts';
import { addressesOf } from './training-features.ts';
import { explainingClusters, type PlanCounts, planTraining, type TrainingPlan } from './training-plan.ts';

/**
 * Trains a model on a period, judges it on addresses it never saw, proves its ONNX twin equal and saves it, whole or
 * not at all. The model that is saved is the model that was judged, unless it is to be refitted on all rows.
 *
 * Steps: extract, label, set the holdout aside, compute features (encodings fitted on the other rows), check for
 * leaks, cross-validate on the training part, calibrate and choose a threshold on what the folds said, train on the training part, judge on the
 * holdout, write down what later snapshots are compared with, save.
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
  const { seed, signal, onProgress } = settled;
  const prepared = await prepareTraining(database, settled);
  const { plan, features } = prepared;
  const { matrix, featurePlan } = features;
  const run = await explainingClusters(plan, settled, () => trainAndJudge({ settled, ...prepared }));
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
      ...prepared,
      ...run,
      options: settled,
      featurePlan,
      matrix,
      dataSets: await usedDataSets(database, [plan.labelSet.report, plan.judging?.report]),
      shap: await summariseContributions(run.saved.model, { matrix, rows: run.savedScores.rows, seed }),
      parity,
      columnReport: reportColumns(matrix),
    });
    const evaluation = await recordEvaluation({ plan, matrix, ...run, artifacts, seed, signal });
    throwIfCancelled(signal, 'saving the model');
    const saved = await saveModel({
      database,
      outputDir: settled.outputDir,
      metadata,
      artifacts,
      holdoutGroups: neverSeen(plan, run),
      evaluation,
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
