import type { ModelMetadata } from '@risk-scoring/model-storage';
import type { ReportContent } from '../content.ts';
import { sampleDrift, sampleEvaluation } from './sample-evaluation.ts';

const FEATURES = ['total_volume_usd', 'degree.in[0]', 'pagerank', 'counterparty_behavioral_anomaly_score'];
const at = (values: readonly number[]) =>
  Object.fromEntries(FEATURES.map((name, i) => [name, values[i] ?? 0]));
const slice = (name: string, auc: number | null) => ({
  name,
  rows: 200,
  groups: 40,
  positives: auc === null ? 0 : 30,
  auc,
  pr_auc: auc === null ? null : 0.7,
  brier: 0.06,
  log_loss: 0.2,
  ece: 0.03,
  mean_score: 0.15,
  threshold: 0.5,
  precision: 0.8,
  recall: 0.7,
  f1: 0.75,
});

const ranking: NonNullable<ModelMetadata['metrics']['test_ranking']> = {
  queries: 3,
  queries_without_positives: 0,
  ndcg: { 10: 0.88, 50: 0.83 },
  map: 0.79,
  precision_at_k: { 10: 0.84, 50: 0.34 },
  recall_at_k: { 10: 0.52, 50: 0.97 },
  intervals: {
    ndcg: { 10: [0.78, 0.9], 50: [0.74, 0.87] },
    map: [0.7, 0.85],
    precision_at_k: { 10: [0.68, 0.86], 50: [0.27, 0.43] },
    recall_at_k: { 10: [0.4, 0.65], 50: [0.94, 0.98] },
  },
  per_snapshot: ['2025-01-06', '2025-01-13', '2025-01-20'].map((processing_date, i) => ({
    processing_date,
    rows: 120,
    positives: 20 + i,
    precision_at_k: { 10: 0.7 + 0.1 * i, 50: 0.3 + 0.02 * i },
    recall_at_k: { 10: 0.5, 50: 0.9 },
  })),
};

/** A model of which everything is known. */
export function sampleContent(): ReportContent {
  return {
    metadata: sampleMetadata(),
    evaluation: sampleEvaluation(FEATURES),
    drift: sampleDrift(FEATURES),
    modelFile: { name: 'alert_scorer_simnet.json', sha256: 'a'.repeat(64) },
  };
}

/** A ranker: no probabilities, no curves. */
export function rankerContent(): ReportContent {
  const content = sampleContent();
  const { metadata } = content;
  return {
    ...content,
    metadata: {
      ...metadata,
      model_type: 'alert_ranker',
      metrics: { ...unjudged, test_ranking: ranking },
      threshold: null,
    },
    evaluation: content.evaluation && { ...content.evaluation, holdout: null },
  };
}

/** A cluster scorer. */
export function clusterContent(): ReportContent {
  const content = sampleContent();
  return { ...content, metadata: { ...content.metadata, model_type: 'cluster_scorer' } };
}

/** A model without labels to judge it by. */
export function unjudgedContent(): ReportContent {
  const content = sampleContent();
  const { metadata } = content;
  return {
    ...content,
    metadata: {
      ...metadata,
      metrics: unjudged,
      labels: metadata.labels && { ...metadata.labels, judged_by: null },
      threshold: null,
      leakage_check: {
        passed: true,
        features: 'no labels',
        strongest_feature: null,
        strongest_feature_auc: null,
      },
    },
    evaluation: content.evaluation && { ...content.evaluation, holdout: null },
    drift: null,
  };
}

/** A model of an older version: what came later is not there. */
export function oldContent(): ReportContent {
  const content = sampleContent();
  const {
    labels: _labels,
    feature_columns: _columns,
    feature_report: _report,
    history_fingerprint: _history,
    calibration: _calibration,
    threshold: _threshold,
    refit: _refit,
    shap_summary: _shap,
    feature_splits: _splits,
    git_commit: _commit,
    metrics: {
      test_ranking: _ranking,
      test_slices: _slices,
      test_at_threshold: _chosen,
      test_ece: _ece,
      ...metrics
    },
    ...metadata
  } = content.metadata;
  return { metadata: { ...metadata, metrics }, evaluation: null, drift: null, modelFile: content.modelFile };
}

/** The same content with every text of it replaced, keys of maps among them, as strangers may have written them. */
export function withTexts(content: ReportContent, change: (text: string) => string): ReportContent {
  const fixed = new Set(['model_type', 'metadata_version', 'evaluation_version', 'method']);
  const replace = (value: unknown, isMap: boolean): unknown => {
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value)) return value.map((item) => replace(item, false));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        isMap ? change(key) : key,
        fixed.has(key) ? item : replace(item, MAPS.has(key)),
      ]),
    );
  };
  return replace(content, false) as ReportContent;
}

const MAPS = new Set([
  'feature_importances',
  'feature_splits',
  'mean_abs',
  'hyperparameters',
  'label_strategy_settings',
  'label_sources',
  'data_fingerprint',
  'history_fingerprint',
  'package_versions',
  'files',
  'rule',
]);

const unjudged: ModelMetadata['metrics'] = {
  test_auc: null,
  test_pr_auc: null,
  test_precision: null,
  test_recall: null,
  test_f1: null,
  test_brier: null,
  test_log_loss: null,
  test_threshold: null,
  test_positive_rate: null,
  test_intervals: {},
  cv_auc_mean: null,
  cv_auc_std: null,
  cv_scores: [],
};

function sampleMetadata(): ModelMetadata {
  return {
    metadata_version: 1,
    model_id: 'alert_scorer_simnet_v1.0.0_20250301_120000',
    model_type: 'alert_scorer',
    network: 'simnet',
    version: '1.0.0',
    created_at: '2025-03-01T12:00:00.000Z',
    training_period: { start_date: '2025-01-06', end_date: '2025-01-27', window_days: 30 },
    data_stats: {
      num_samples: 4000,
      num_features: 4,
      positive_rate: 0.16,
      num_alerts: 9000,
      num_addresses: 5000,
      num_snapshots: 4,
      feature_coverage: 0.97,
      num_train: 1600,
      num_validation: 400,
      num_holdout: 2000,
      num_holdout_addresses: 310,
      label_sources: { flag: 3000, community: 1000 },
    },
    metrics: {
      test_auc: 0.942,
      test_pr_auc: 0.829,
      test_precision: 0.768,
      test_recall: 0.684,
      test_f1: 0.724,
      test_brier: 0.06,
      test_log_loss: 0.205,
      test_threshold: 0.5,
      test_ece: 0.03,
      test_at_threshold: {
        threshold: 0.369,
        precision: 0.728,
        recall: 0.777,
        f1: 0.752,
        flagged: 449,
        intervals: { precision: [0.646, 0.806], recall: [0.678, 0.883], f1: [0.67, 0.82] },
      },
      test_ranking: ranking,
      test_slices: {
        typology: [slice('fan_in', 0.96), slice('structuring', null)],
        snapshot: [slice('2025-01-06', 0.95)],
        label_source: [slice('flag', 0.97)],
      },
      test_positive_rate: 0.161,
      test_intervals: {
        auc: [0.895, 0.979],
        pr_auc: [0.76, 0.9],
        brier: [0.041, 0.086],
        ece: [0.026, 0.062],
      },
      test_bootstrap: { groups: 310, resamples: 1000, redrawn: 0, level: 0.95 },
      cv_auc_mean: 0.962,
      cv_auc_std: 0.011,
      cv_scores: [0.951, 0.973],
    },
    hyperparameters: { num_leaves: 31, objective: 'binary' },
    feature_names: FEATURES,
    num_trees: 106,
    best_iteration: 106,
    label_strategy: 'address',
    label_strategy_settings: { conflict_policy: 'drop', positive_risk_levels: ['high'] },
    labels: {
      kinds: { true: 4000 },
      taught: { kinds: { true: 2000 }, rows: 2000, positives: 320 },
      judged_by: { strategy: 'address', settings: {}, kind: 'true', own: true },
      report: { dropped: 3 },
      data_sets: [{ name: 'community@2025-01', rows: 1000, hash: '77', source: 'a friend' }],
      own_label_metrics: null,
    },
    model_trainer: 'lightgbm',
    split: {
      method: 'address',
      guarantee: 'no address is on both sides of the split',
      test_fraction: 0.5,
      cv_folds: 2,
      group_by: 'address',
      shared_window_share: 1,
      holdout_file: 'alert_scorer_simnet.holdout.txt',
    },
    seed: 42,
    feature_schema_hash: 'f'.repeat(64),
    feature_plan: {
      groups: ['alert', 'address'],
      encodings: { typology: ['fan_in'] },
      excluded: ['label_count'],
    },
    feature_columns: FEATURES.map((name) => ({
      name,
      kind: 'numeric',
      meaning: `what ${name} is`,
      missing: 'never',
      unit: 'USD',
      group: 'address',
    })),
    feature_report: { constant: ['is_mixer_like'], duplicates: [{ name: 'khop1_count', of: 'degree' }] },
    feature_importances: at([10_488, 2993, 2947, 12]),
    feature_splits: at([157, 132, 117, 3]),
    data_fingerprint: { raw_alerts: { rows: 9000, hash: '5123908081299463542' } },
    history_fingerprint: { raw_alerts: { rows: 10, hash: '1' } },
    leakage_check: {
      passed: false,
      findings: [{ check: 'single features', found: 'one tells the label', remedy: 'leave it out' }],
      groups_on_both_sides: { groups: 0, share: 0 },
      permutation_test: { auc: 0.501, interval: [0.383, 0.637], level: 0.99 },
      features: 'checked',
      strongest_feature: 'pagerank',
      strongest_feature_auc: 0.82,
    },
    calibration: {
      method: 'platt',
      slope: 0.81,
      intercept: 0,
      brier: { none: 0.051, platt: 0.0507, isotonic: null },
    },
    threshold: { rule: { by: 'f1' }, threshold: 0.369, precision: 0.778, recall: 0.789, f1: 0.784 },
    refit: { rows: 4000, iterations: 106 },
    shap_summary: {
      rows: 2000,
      base_value: -3.9,
      mean_abs: at([0.81, 0.7, 0.42, 0.01]),
      direction: at([0.93, -0.71, 0.2, 0.6]),
    },
    onnx_parity: { rows: 2000, max_probability_difference: 3.7e-8, max_raw_relative_difference: 5.8e-8 },
    package_versions: { node: '20.20.2', lightgbm: '4.1.0.99' },
    git_commit: '93fa85d',
    files: { 'alert_scorer_simnet.onnx': { role: 'onnx', sha256: 'b'.repeat(64), bytes: 191_348 } },
  };
}
