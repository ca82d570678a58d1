import { dayText, type FeatureGroup, type FeatureMatrix } from '@risk-scoring/contract';
import { type BinaryMetrics, sharedWindowDays, summariseFolds } from '@risk-scoring/evaluation';
import type { TableFingerprint } from '@risk-scoring/extraction';
import type { ColumnReport, FeaturePlan } from '@risk-scoring/features';
import { countKinds } from '@risk-scoring/labels';
import type { UnsavedMetadata } from '@risk-scoring/model-storage';
import type { ParityReport } from '@risk-scoring/onnx';
import type { Finish } from './calibration.ts';
import type { ContributionSummary } from './contributions.ts';
import type { Judged } from './judge.ts';
import { countClasses } from './labelling/judging-labels.ts';
import type { UsedDataSet } from './labelling/used-data-sets.ts';
import { gitCommit, packageVersions } from './provenance.ts';
import type { TrainingOutcome } from './train-and-judge.ts';
import type { SettledTrainOptions } from './train-options.ts';
import type { TrainingPlan } from './training-plan.ts';

/** Everything that a training found out, to be written down. */
export interface TrainingFindings extends Omit<TrainingOutcome, 'savedScores'> {
  readonly options: SettledTrainOptions;
  readonly plan: TrainingPlan;
  readonly featurePlan: FeaturePlan;
  readonly matrix: FeatureMatrix;
  readonly dataSets: readonly UsedDataSet[];
  readonly shap: ContributionSummary | null;
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
  const { options, plan, featurePlan, matrix, saved, fitted, finish, parity } = findings;
  const { period, labelStrategy, splitter } = options;
  const description = saved.model.describe();
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
    metrics: metricsOf(findings),
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
      group_by: options.groupBy,
      shared_window_share: sharedDays(plan, period.windowDays),
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
    ...(description.splits
      ? { feature_splits: sortedImportances(description.featureNames, description.splits) }
      : {}),
    shap_summary: findings.shap && {
      ...findings.shap,
      mean_abs: { ...findings.shap.mean_abs },
      direction: { ...findings.shap.direction },
    },
    data_fingerprint: { ...findings.fingerprint },
    ...(findings.history ? { history_fingerprint: { ...findings.history } } : {}),
    leakage_check: leakageOf(findings.leakage),
    calibration: calibrationOf(finish),
    threshold: finish.threshold && { ...finish.threshold, rule: { ...finish.threshold.rule } },
    refit: findings.refitted
      ? { rows: findings.refitted.trainRows.length, iterations: description.bestIteration }
      : null,
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
  fitted: TrainingFindings['fitted'],
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

function metricsOf({ judged, cv, plan }: TrainingFindings): UnsavedMetadata['metrics'] {
  const { metrics, atThresholdIntervals, weighted, ranking, slices } = judged;
  const { mean, std, scores } = summariseFolds(cv?.scores ?? []);
  return {
    test_auc: metrics?.auc ?? null,
    test_pr_auc: metrics?.prAuc ?? null,
    test_precision: metrics?.precision ?? null,
    test_recall: metrics?.recall ?? null,
    test_f1: metrics?.f1 ?? null,
    test_brier: metrics?.brier ?? null,
    test_log_loss: metrics?.logLoss ?? null,
    test_ece: metrics?.ece ?? null,
    test_threshold: metrics?.threshold ?? null,
    test_at_threshold: metrics?.atThreshold
      ? {
          ...metrics.atThreshold,
          ...(atThresholdIntervals ? { intervals: decisions(atThresholdIntervals) } : {}),
        }
      : null,
    test_bootstrap: bootstrapOf(metrics ?? ranking),
    test_positive_rate: metrics ? metrics.positives / metrics.rows : null,
    test_intervals: intervalsOf(metrics),
    test_weighted: weighted && weightedFigures(weighted),
    test_ranking: ranking && rankingOf(ranking, plan),
    test_slices: slices && {
      typology: slices.typology.map((slice) => ({ ...slice })),
      snapshot: slices.snapshot.map((slice) => ({ ...slice })),
      label_source: slices.label_source.map((slice) => ({ ...slice })),
    },
    cv_auc_mean: mean,
    cv_auc_std: std,
    cv_scores: scores.flatMap((score) => score ?? []),
    ...(cv?.ndcg ? { cv_ndcg_at_10: foldFigures(cv.ndcg) } : {}),
  };
}

function foldFigures(folds: readonly (number | null)[]) {
  const { mean, std, scores } = summariseFolds(folds);
  return { mean, std, scores: scores.flatMap((score) => score ?? []) };
}

function decisions({ precision, recall, f1 }: NonNullable<Judged['atThresholdIntervals']>) {
  const pair = ([low, high]: readonly [number, number]): [number, number] => [low, high];
  return { precision: pair(precision), recall: pair(recall), f1: pair(f1) };
}

function bootstrapOf(judged: Pick<BinaryMetrics, 'groups' | 'bootstrap'> | null) {
  if (!judged?.bootstrap) return null;
  const { resamples, redrawn, level } = judged.bootstrap;
  return { groups: judged.groups, resamples, redrawn, level };
}

function weightedFigures({ auc, prAuc, precision, recall, f1, brier, logLoss, ece }: BinaryMetrics) {
  return { auc, pr_auc: prAuc, precision, recall, f1, brier, log_loss: logLoss, ece };
}

function rankingOf(
  ranking: NonNullable<Judged['ranking']>,
  { rows: { queryIds, keys } }: TrainingPlan,
): NonNullable<UnsavedMetadata['metrics']['test_ranking']> {
  const dates = new Map<number, number>();
  queryIds.forEach((query, row) => {
    if (!dates.has(query)) dates.set(query, keys.processingDates[row] ?? 0);
  });
  const { intervals } = ranking;
  return {
    queries: ranking.queries,
    queries_without_positives: ranking.queries_without_positives,
    ndcg: { ...ranking.ndcg },
    map: ranking.map,
    precision_at_k: { ...ranking.precision_at_k },
    recall_at_k: { ...ranking.recall_at_k },
    intervals: intervals && {
      ndcg: pairs(intervals.ndcg),
      map: [intervals.map[0], intervals.map[1]],
      precision_at_k: pairs(intervals.precision_at_k),
      recall_at_k: pairs(intervals.recall_at_k),
    },
    per_snapshot: ranking.per_query.map((query) => ({
      processing_date: dayText(dates.get(query.query) ?? 0),
      rows: query.rows,
      positives: query.positives,
      precision_at_k: { ...query.precision_at_k },
      recall_at_k: query.recall_at_k && { ...query.recall_at_k },
    })),
  };
}

function pairs(
  intervals: Readonly<Record<string, readonly [number, number]>>,
): Record<string, [number, number]> {
  return Object.fromEntries(
    Object.entries(intervals).map(([name, [low, high]]): [string, [number, number]] => [name, [low, high]]),
  );
}

function leakageOf(report: TrainingFindings['leakage']): UnsavedMetadata['leakage_check'] {
  const { permutation_test: permutation, groups_on_both_sides: groups } = report;
  return {
    ...report,
    findings: report.findings.map((finding) => ({ ...finding })),
    groups_on_both_sides: groups && { ...groups },
    permutation_test:
      permutation && !('skipped' in permutation)
        ? { ...permutation, interval: [permutation.interval[0], permutation.interval[1]] }
        : permutation,
  };
}

function calibrationOf({ calibration, brier }: Finish): NonNullable<UnsavedMetadata['calibration']> {
  const measured = brier === undefined ? {} : { brier: { ...brier } };
  if (calibration.method !== 'isotonic') return { ...calibration, ...measured };
  return { method: 'isotonic', x: [...calibration.x], y: [...calibration.y], ...measured };
}

/** The share of the holdout's days that the training part has seen, too; null where nothing is judged. */
function sharedDays({ holdout, rows, judging }: TrainingPlan, windowDays: number): number | null {
  if (judging === undefined) return null;
  const dates = (of: Int32Array) => [...new Set(of)].map((row) => rows.keys.processingDates[row] ?? 0);
  return sharedWindowDays({
    trainDates: [...new Set(dates(holdout.train))],
    testDates: [...new Set(dates(holdout.test))],
    windowDays,
  });
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
