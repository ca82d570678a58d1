import type { ModelArtifact } from '@risk-scoring/contract';
import type { UnsavedMetadata } from '../metadata.ts';

/** Metadata that the schema takes, for tests of how models are kept, not of what they say. */
export function sampleMetadata(change: Partial<UnsavedMetadata> = {}): UnsavedMetadata {
  return {
    model_type: 'alert_scorer',
    network: 'simnet',
    version: '1.0.0',
    training_period: { start_date: '2025-01-01', end_date: '2025-02-01', window_days: 30 },
    data_stats: {
      num_samples: 100,
      num_features: 2,
      positive_rate: 0.2,
      num_alerts: 300,
      num_addresses: 200,
      num_snapshots: 2,
      feature_coverage: 0.97,
      num_train: 64,
      num_validation: 16,
      num_holdout: 20,
      num_holdout_addresses: 15,
      label_sources: { flag: 100 },
    },
    metrics: {
      test_auc: 0.9,
      test_pr_auc: 0.6,
      test_precision: 0.5,
      test_recall: 0.5,
      test_f1: 0.5,
      test_brier: 0.1,
      test_log_loss: 0.3,
      test_threshold: 0.5,
      test_positive_rate: 0.2,
      test_intervals: { auc: [0.8, 0.95] },
      cv_auc_mean: 0.88,
      cv_auc_std: 0.02,
      cv_scores: [0.86, 0.9],
    },
    hyperparameters: { num_leaves: 31 },
    feature_names: ['a', 'b'],
    num_trees: 3,
    best_iteration: 3,
    label_strategy: 'address',
    label_strategy_settings: {},
    model_trainer: 'lightgbm',
    split: { method: 'address', guarantee: 'no address on both sides', test_fraction: 0.2, cv_folds: 2 },
    seed: 42,
    feature_schema_hash: 'f'.repeat(64),
    feature_plan: { groups: ['alert'], encodings: { typology: ['fan_in'] } },
    feature_importances: { a: 2, b: 1 },
    data_fingerprint: { raw_alerts: { rows: 300, hash: '1' } },
    leakage_check: { passed: true, features: 'checked', strongest_feature: 'a', strongest_feature_auc: 0.7 },
    onnx_parity: { rows: 20, max_probability_difference: 1e-8, max_raw_relative_difference: 1e-7 },
    package_versions: { node: '20.0.0' },
    ...change,
  };
}

/** Two small files in place of a model's. */
export const sampleArtifacts: readonly ModelArtifact[] = [
  { role: 'native', extension: '.txt', bytes: Buffer.from('tree\n'.repeat(50_000)) },
  { role: 'onnx', extension: '.onnx', bytes: Buffer.from('onnx '.repeat(50_000)) },
];
