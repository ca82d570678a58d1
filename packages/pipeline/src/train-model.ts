import {
  type FeatureMatrix,
  InvalidInputError,
  type LabelStrategy,
  type ModelArtifact,
  type ModelTrainer,
  type ModelType,
  RiskScoringError,
  type Splitter,
  type TrainedModel,
  type TrainingPeriod,
  throwIfCancelled,
} from '@risk-scoring/contract';
import { type BinaryMetrics, evaluateBinary } from '@risk-scoring/evaluation';
import { fingerprintPeriod, validatePeriod } from '@risk-scoring/extraction';
import { buildFeatureMatrix, DEFAULT_GROUPS, type FeaturePlan, fitEncodings } from '@risk-scoring/features';
import {
  type SavedModel,
  saveModel,
  type UnsavedMetadata,
  validateModelVersion,
} from '@risk-scoring/model-storage';
import { openOnnxScorer, type ParityReport, proveParity } from '@risk-scoring/onnx';
import type { Database } from '@risk-scoring/storage';
import { crossValidate, type FittedModel, fit, showMetric, type TrainingContext } from './cross-validate.ts';
import { checkLeakage } from './leakage.ts';
import type { OnPipelineProgress } from './progress.ts';
import { gitCommit, packageVersions } from './provenance.ts';
import { type PlanCounts, planTraining, type TrainingPlan } from './training-plan.ts';

/** Options of {@link trainModel}. */
export interface TrainOptions {
  readonly period: TrainingPeriod;
  readonly modelType: ModelType;
  readonly labelStrategy: LabelStrategy;
  readonly trainer: ModelTrainer;
  readonly splitter: Splitter;
  /** Models go to `{outputDir}/{network}/`. */
  readonly outputDir: string;
  /** `1.0.0` */
  readonly modelVersion: string;
  readonly seed: number;
  /** Share of the labelled rows that the model is judged on; 0.2 by default. */
  readonly testFraction?: number;
  /** Folds of the cross-validation on the training part; 5 by default. */
  readonly cvFolds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnPipelineProgress;
}

/**
 * Trains a model on a period, judges it on addresses it never saw, proves its ONNX twin equal and saves it, whole or
 * not at all. The model that is saved is the model that was judged.
 *
 * Steps: extract, label, set the holdout aside, compute features (encodings fitted on the other rows), check for
 * leaks, cross-validate on the training part, train on it, judge on the holdout, save.
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
  const settled = settle(options);
  const { period, labelStrategy, trainer, splitter, seed, signal, onProgress } = settled;
  const plan = await planTraining(database, period, settled);
  const { matrix, featurePlan } = await buildFeatures(database, plan, settled);
  const leakage = checkLeakage(matrix, plan.labelSet.labels, plan);
  onProgress?.({
    stage: 'leakage check',
    done: 1,
    total: 1,
    detail: `strongest feature ${leakage.strongest_feature}`,
  });

  // Bins and the like are learned here, so the holdout stays out.
  const prepared = await trainer.prepare?.(matrix, plan.holdout.train);
  const context: TrainingContext = {
    matrix,
    labels: plan.labelSet.labels,
    weights: plan.weights,
    trainer,
    prepared,
    splitter,
    seed,
    signal,
  };
  let fitted: FittedModel | undefined;
  try {
    const cvScores = await crossValidate(context, {
      rows: plan.holdout.train,
      folds: settled.cvFolds,
      onProgress: (progress) => onProgress?.({ stage: 'cross-validation', ...progress }),
    });
    fitted = await fit(context, plan.holdout.train, (progress) =>
      onProgress?.({
        stage: 'training',
        done: progress.iteration,
        total: progress.maxIterations,
        detail: showMetric(progress).slice(2),
      }),
    );
    throwIfCancelled(signal, 'judging the model');
    const judged = await judge(fitted.model, plan, { matrix, seed });
    onProgress?.({
      stage: 'evaluation',
      done: 1,
      total: 1,
      detail: `holdout AUC ${judged.metrics.auc.toFixed(3)}`,
    });
    const artifacts = await fitted.model.artifacts();
    const parity = await proveOnnx(artifacts, { matrix, rows: plan.holdout.test, judged });
    onProgress?.({
      stage: 'onnx parity',
      done: 1,
      total: 1,
      detail: `largest difference ${parity.maxProbabilityDifference}`,
    });

    const description = fitted.model.describe();
    const metadata: UnsavedMetadata = {
      model_type: settled.modelType,
      network: period.network,
      version: settled.modelVersion,
      training_period: {
        start_date: period.startDate,
        end_date: period.endDate,
        window_days: period.windowDays,
      },
      data_stats: dataStats(plan.counts, matrix, fitted),
      metrics: metricsOf(judged.metrics, cvScores),
      hyperparameters: { ...description.hyperparameters },
      feature_names: [...description.featureNames],
      num_trees: description.numTrees,
      best_iteration: description.bestIteration,
      label_strategy: labelStrategy.name,
      label_strategy_settings: { ...labelStrategy.settings },
      model_trainer: trainer.name,
      split: {
        method: splitter.name,
        guarantee: splitter.guarantee,
        test_fraction: settled.testFraction,
        cv_folds: settled.cvFolds,
      },
      seed,
      feature_schema_hash: matrix.schemaHash,
      feature_plan: { groups: [...featurePlan.groups], encodings: copyLists(featurePlan.encodings) },
      feature_importances: sortedImportances(description.featureNames, description.importances),
      data_fingerprint: await fingerprintPeriod(database, period),
      leakage_check: leakage,
      onnx_parity: {
        rows: parity.rows,
        max_probability_difference: parity.maxProbabilityDifference,
        max_raw_relative_difference: parity.maxRawRelativeDifference,
      },
      package_versions: packageVersions(description.libraries),
      ...optionalCommit(),
    };
    throwIfCancelled(signal, 'saving the model');
    const saved = await saveModel({
      database,
      outputDir: settled.outputDir,
      metadata,
      artifacts,
      holdoutGroups: holdoutNames(plan),
    });
    onProgress?.({ stage: 'saving', done: 1, total: 1, detail: saved.metadata.model_id });
    return saved;
  } finally {
    await fitted?.model.dispose();
    await prepared?.dispose();
  }
}

/**
 * What {@link trainModel} would learn from and be judged on, without computing features, training or writing anything.
 *
 * @throws {RiskScoringError} what trainModel would throw up to that point
 */
export async function dryRunTraining(database: Database, options: TrainOptions): Promise<PlanCounts> {
  const settled = settle(options);
  return (await planTraining(database, settled.period, settled)).counts;
}

type SettledOptions = TrainOptions & { readonly testFraction: number; readonly cvFolds: number };

function settle(options: TrainOptions): SettledOptions {
  validatePeriod(options.period);
  validateModelVersion(options.modelVersion);
  if (!Number.isInteger(options.seed) || options.seed < 0 || options.seed > 2 ** 31 - 2) {
    throw new InvalidInputError({
      what: 'The seed',
      expected: 'a whole number from 0 to 2147483646',
      found: options.seed,
      remedy: 'write --seed 42',
    });
  }
  return { ...options, testFraction: options.testFraction ?? 0.2, cvFolds: options.cvFolds ?? 5 };
}

async function buildFeatures(
  database: Database,
  plan: TrainingPlan,
  { signal, onProgress }: SettledOptions,
): Promise<{ matrix: FeatureMatrix; featurePlan: FeaturePlan }> {
  const featurePlan: FeaturePlan = {
    groups: DEFAULT_GROUPS.map((group) => group.name),
    encodings: fitEncodings(DEFAULT_GROUPS, plan.alerts, plan.holdout.train),
  };
  const matrix = await buildFeatureMatrix(database, {
    snapshots: plan.snapshots,
    plan: featurePlan,
    ...(signal ? { signal } : {}),
    onProgress: ({ done, total, snapshot }) =>
      onProgress?.({ stage: 'features', done, total, detail: snapshot }),
  });
  const { ids } = matrix.keys;
  if (ids.length !== plan.rows.keys.ids.length || ids.some((id, row) => id !== plan.rows.keys.ids[row])) {
    throw new RiskScoringError({
      code: 'DATA_CHANGED',
      category: 'data',
      summary: 'The published alerts changed while they were read.',
      expected: 'the same alerts for labels and for features',
      found: 'others',
      remedy: 'train again, and ingest before or after',
    });
  }
  return { matrix, featurePlan };
}

interface Judged {
  readonly metrics: BinaryMetrics;
  readonly probability: Float64Array;
  readonly raw: Float64Array;
}

async function judge(
  model: TrainedModel,
  plan: TrainingPlan,
  { matrix, seed }: { readonly matrix: FeatureMatrix; readonly seed: number },
): Promise<Judged> {
  const rows = plan.holdout.test;
  const probability = await model.predict(matrix, { rows });
  const raw = await model.predict(matrix, { rows, output: 'raw' });
  const metrics = evaluateBinary({
    labels: plan.labelSet.labels,
    scores: probability,
    rows,
    splitGroups: matrix.splitGroups,
    seed,
  });
  return { metrics, probability, raw };
}

async function proveOnnx(
  artifacts: readonly ModelArtifact[],
  {
    matrix,
    rows,
    judged,
  }: { readonly matrix: FeatureMatrix; readonly rows: Int32Array; readonly judged: Judged },
): Promise<ParityReport> {
  const onnx = artifacts.find((artifact) => artifact.role === 'onnx');
  if (onnx === undefined) {
    throw new RiskScoringError({
      code: 'ONNX_MISSING',
      category: 'model',
      summary: 'The trainer gave no ONNX form of its model.',
      expected: "an artifact with role 'onnx'",
      found: artifacts.map((artifact) => artifact.role).join(', ') || 'no artifact',
      remedy: 'mend the trainer: ONNX is what serves',
    });
  }
  const scorer = await openOnnxScorer(onnx.bytes);
  try {
    return await proveParity({ scorer, matrix, rows, native: judged });
  } finally {
    await scorer.dispose();
  }
}

function dataStats(
  counts: PlanCounts,
  matrix: FeatureMatrix,
  fitted: FittedModel,
): UnsavedMetadata['data_stats'] {
  return {
    num_samples: counts.labelled,
    num_features: matrix.columns.length,
    positive_rate: counts.positive_rate,
    num_alerts: counts.alerts,
    num_addresses: counts.addresses,
    num_snapshots: counts.snapshots,
    num_train: fitted.trainRows.length,
    num_validation: fitted.validationRows.length,
    num_holdout: counts.holdout,
    num_holdout_addresses: counts.holdout_addresses,
    label_sources: { ...counts.label_sources },
  };
}

function metricsOf(metrics: BinaryMetrics, cvScores: number[]): UnsavedMetadata['metrics'] {
  const mean = cvScores.reduce((sum, score) => sum + score, 0) / cvScores.length;
  const variance = cvScores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / cvScores.length;
  const intervals = Object.entries(metrics.intervals ?? {}).map(
    ([name, [low, high]]): [string, [number, number]] => [snakeCase(name), [low, high]],
  );
  return {
    test_auc: metrics.auc,
    test_pr_auc: metrics.prAuc,
    test_precision: metrics.precision,
    test_recall: metrics.recall,
    test_f1: metrics.f1,
    test_brier: metrics.brier,
    test_log_loss: metrics.logLoss,
    test_threshold: metrics.threshold,
    test_positive_rate: metrics.positives / metrics.rows,
    test_intervals: Object.fromEntries(intervals),
    cv_auc_mean: mean,
    cv_auc_std: Math.sqrt(variance),
    cv_scores: cvScores,
  };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function sortedImportances(names: readonly string[], values: readonly number[]): Record<string, number> {
  const pairs = names.map((name, index): [string, number] => [name, values[index] ?? 0]);
  return Object.fromEntries(pairs.sort((a, b) => b[1] - a[1]));
}

function copyLists(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...list]]));
}

function holdoutNames({ rows, holdout }: TrainingPlan): string[] {
  const groups = new Set(Array.from(holdout.test, (row) => rows.splitGroups[row] ?? -1));
  return Array.from(groups, (group) => rows.splitGroupNames[group] ?? '');
}

function optionalCommit(): { git_commit?: string } {
  const commit = gitCommit();
  return commit === undefined ? {} : { git_commit: commit };
}
