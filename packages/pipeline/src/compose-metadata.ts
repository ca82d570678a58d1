import type { FeatureGroup, FeatureMatrix, LabelSet } from '@risk-scoring/contract';
import type { BinaryMetrics } from '@risk-scoring/evaluation';
import type { TableFingerprint } from '@risk-scoring/extraction';
import type { ColumnReport, FeaturePlan } from '@risk-scoring/features';
import type { UnsavedMetadata } from '@risk-scoring/model-storage';
import type { ParityReport } from '@risk-scoring/onnx';
import type { FittedModel } from './fit.ts';
import type { Judged } from './judge.ts';
import { countClasses, countKinds } from './labelling/judging-labels.ts';
import type { UsedDataSet } from './labelling/used-data-sets.ts';
import type { LeakageReport } from './leakage.ts';
import { gitCommit, packageVersions } from './provenance.ts';
import type { SettledTrainOptions } from './train-options.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Everything that a training found out, to be written down. */
export interface TrainingFindings {
  readonly options: SettledTrainOptions;
  readonly plan: TrainingPlan;
  readonly featurePlan: FeaturePlan;
  readonly matrix: FeatureMatrix;
  readonly fitted: FittedModel;
  /** What the final model was taught. */
  readonly teaching: LabelSet;
  readonly judged: Judged;
  readonly dataSets: readonly UsedDataSet[];
  readonly cvScores: readonly number[];
  readonly leakage: LeakageReport;
  readonly parity: ParityReport;
  /** Share of the alerts with address features. */
  readonly coverage: number;
  readonly fingerprint: Readonly<Record<string, TableFingerprint>>;
  /** Of the snapshots before the period, where features look back at them. */
  readonly history: Readonly<Record<string, TableFingerprint>> | undefined;
  readonly columnReport: ColumnReport;
}

/** A model's metadata, as it is saved beside it. */
export function composeMetadata(findings: TrainingFindings): UnsavedMetadata {
  const { options, featurePlan, matrix, fitted, parity } = findings;
  const { period, labelStrategy, splitter } = options;
  const description = fitted.model.describe();
  const commit = gitCommit();
  return {
    model_type: options.modelType,
    network: period.network,
    version: options.modelVersion,
    training_period: {
      start_date: period.startDate,
      end_date: period.endDate,
      window_days: period.windowDays,
    },
    data_stats: dataStats(findings, matrix, fitted),
    metrics: metricsOf(findings.judged.metrics, findings.cvScores),
    hyperparameters: { ...description.hyperparameters },
    feature_names: [...description.featureNames],
    num_trees: description.numTrees,
    best_iteration: description.bestIteration,
    label_strategy: labelStrategy.name,
    label_strategy_settings: { ...labelStrategy.settings },
    labels: labelSummary(findings),
    model_trainer: options.trainer.name,
    split: {
      method: splitter.name,
      guarantee: splitter.guarantee,
      test_fraction: options.testFraction,
      cv_folds: options.cvFolds,
    },
    seed: options.seed,
    feature_schema_hash: matrix.schemaHash,
    feature_plan: {
      groups: [...featurePlan.groups],
      encodings: copyLists(featurePlan.encodings),
      ...(featurePlan.excluded ? { excluded: [...featurePlan.excluded] } : {}),
      ...(featurePlan.definitions ? { definitions: featurePlan.definitions.map(copyGroup) } : {}),
    },
    feature_columns: matrix.columns.map((column) => ({ ...column })),
    feature_report: {
      constant: [...findings.columnReport.constant],
      duplicates: findings.columnReport.duplicates.map((pair) => ({ ...pair })),
    },
    feature_importances: sortedImportances(description.featureNames, description.importances),
    data_fingerprint: { ...findings.fingerprint },
    ...(findings.history ? { history_fingerprint: { ...findings.history } } : {}),
    leakage_check: findings.leakage,
    onnx_parity: {
      rows: parity.rows,
      max_probability_difference: parity.maxProbabilityDifference,
      max_raw_relative_difference: parity.maxRawRelativeDifference,
    },
    package_versions: packageVersions(description.libraries),
    ...(commit === undefined ? {} : { git_commit: commit }),
  };
}

function dataStats(
  { plan: { counts }, coverage }: TrainingFindings,
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
    feature_coverage: coverage,
    num_train: fitted.trainRows.length,
    num_validation: fitted.validationRows.length,
    num_holdout: counts.holdout,
    num_holdout_addresses: counts.holdout_addresses,
    label_sources: { ...counts.label_sources },
  };
}

/** What the model learned from and was judged by. */
function labelSummary({
  plan,
  teaching,
  judged,
  dataSets,
}: TrainingFindings): NonNullable<UnsavedMetadata['labels']> {
  const { judging } = plan;
  const taught = countClasses(teaching.labels);
  const own = judged.byOwnLabels;
  return {
    kinds: countKinds(plan.labelSet),
    taught: {
      kinds: countKinds(teaching),
      rows: taught.positives + taught.negatives,
      positives: taught.positives,
    },
    judged_by: judging
      ? {
          strategy: judging.strategy.name,
          settings: { ...judging.strategy.settings },
          kind: judging.kind,
          own: judging.own,
        }
      : null,
    report: { ...(teaching.report ?? plan.labelSet.report) },
    ...(dataSets.length > 0 ? { data_sets: dataSets.map((dataSet) => ({ ...dataSet })) } : {}),
    ...(own === undefined
      ? {}
      : {
          own_label_metrics: own && {
            rows: own.rows,
            positives: own.positives,
            auc: own.auc,
            pr_auc: own.prAuc,
            brier: own.brier,
            intervals: intervalsOf(own),
          },
        }),
  };
}

function metricsOf(metrics: BinaryMetrics | null, cvScores: readonly number[]): UnsavedMetadata['metrics'] {
  const mean = cvScores.reduce((sum, score) => sum + score, 0) / cvScores.length;
  const variance = cvScores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / cvScores.length;
  const judged = cvScores.length > 0;
  return {
    test_auc: metrics?.auc ?? null,
    test_pr_auc: metrics?.prAuc ?? null,
    test_precision: metrics?.precision ?? null,
    test_recall: metrics?.recall ?? null,
    test_f1: metrics?.f1 ?? null,
    test_brier: metrics?.brier ?? null,
    test_log_loss: metrics?.logLoss ?? null,
    test_threshold: metrics?.threshold ?? null,
    test_positive_rate: metrics ? metrics.positives / metrics.rows : null,
    test_intervals: intervalsOf(metrics),
    cv_auc_mean: judged ? mean : null,
    cv_auc_std: judged ? Math.sqrt(variance) : null,
    cv_scores: [...cvScores],
  };
}

function intervalsOf(metrics: BinaryMetrics | null): Record<string, [number, number]> {
  const intervals = Object.entries(metrics?.intervals ?? {}).map(
    ([name, [low, high]]): [string, [number, number]] => [snakeCase(name), [low, high]],
  );
  return Object.fromEntries(intervals);
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

/** A group as plain JSON, with what a third party may have put on the object besides left out. */
function copyGroup(group: FeatureGroup): CopiedGroup {
  const {
    specificationVersion,
    name,
    per,
    columns,
    encodings,
    severalSnapshots,
    readsLabels,
    otherNetworks,
    sql,
  } = group;
  return {
    specificationVersion,
    name,
    per,
    columns: columns.map((column) => ({ ...column })),
    ...(encodings ? { encodings: { ...encodings } } : {}),
    ...(severalSnapshots ? { severalSnapshots } : {}),
    ...(readsLabels ? { readsLabels } : {}),
    ...(otherNetworks ? { otherNetworks: [...otherNetworks] } : {}),
    sql,
  };
}

type CopiedGroup = NonNullable<UnsavedMetadata['feature_plan']['definitions']>[number];

// A field that a group gets later must not be left out of saved models: then this line does not compile.
const forgotten: Exclude<keyof FeatureGroup, keyof CopiedGroup>[] = [] satisfies never[];
void forgotten;
