import { z } from 'zod';

const count = z.int().min(0);
const interval = z.tuple([z.number(), z.number()]);
const figure = z.number().nullable();
const share = z.number().min(0).max(1);
const shareOrNone = share.nullable();
const named = z.record(z.string(), z.number());
const namedIntervals = z.record(z.string(), interval);
const sliceMetrics = z.object({
  name: z.string(),
  rows: count,
  groups: count,
  positives: count,
  auc: shareOrNone,
  pr_auc: shareOrNone,
  brier: shareOrNone,
  log_loss: figure,
  ece: figure,
  mean_score: figure,
  threshold: z.number(),
  precision: shareOrNone,
  recall: shareOrNone,
  f1: shareOrNone,
});
const labelKind = z.enum(['true', 'proxy', 'heuristic', 'pseudo']);

const columnFields = {
  name: z.string(),
  kind: z.enum(['numeric', 'boolean', 'categorical']),
  meaning: z.string(),
  unit: z.string().exactOptional(),
  missing: z.string(),
  absent: z.number().exactOptional(),
};
const featureColumnSchema = z.object({ ...columnFields, group: z.string() });
const featureGroupSchema = z.object({
  specificationVersion: z.literal('v1'),
  name: z.string(),
  per: z.enum(['alert', 'address', 'cluster']),
  columns: z.array(z.object(columnFields)),
  encodings: z.record(z.string(), z.string()).exactOptional(),
  severalSnapshots: z.boolean().exactOptional(),
  readsLabels: z.boolean().exactOptional(),
  otherNetworks: z.array(z.string()).exactOptional(),
  sql: z.string(),
});

/**
 * The JSON beside a model: what it is, what it was trained and judged on, and all it takes to build it again.
 * Names are those of the file.
 */
export const modelMetadataSchema = z.object({
  metadata_version: z.literal(1),
  model_id: z.string(),
  model_type: z.enum(['alert_scorer', 'alert_ranker', 'cluster_scorer']),
  network: z.string(),
  version: z.string(),
  /** ISO 8601, UTC. */
  created_at: z.iso.datetime(),
  training_period: z.object({ start_date: z.iso.date(), end_date: z.iso.date(), window_days: count }),
  data_stats: z.object({
    /** Labelled alerts: those trained on, stopped early on and judged on. */
    num_samples: count,
    num_features: count,
    /** Share of label 1 among the samples. */
    positive_rate: share,
    num_alerts: count,
    num_addresses: count,
    num_snapshots: count,
    /** Share of the alerts whose address has a row in raw_features, 0..1. */
    feature_coverage: z.number().min(0).max(1),
    num_train: count,
    num_validation: count,
    num_holdout: count,
    num_holdout_addresses: count,
    /** Labelled alerts by the source of their label. */
    label_sources: z.record(z.string(), count),
  }),
  /** `test_*`: on the holdout. `cv_*`: on the folds of the training part. Null where there was no label to judge by. */
  metrics: z
    .object({
      test_auc: shareOrNone,
      test_pr_auc: shareOrNone,
      test_precision: shareOrNone,
      test_recall: shareOrNone,
      test_f1: shareOrNone,
      test_brier: shareOrNone,
      test_log_loss: z.number().min(0).nullable(),
      test_threshold: figure,
      /** Expected calibration error, 15 bins. */
      test_ece: shareOrNone.optional(),
      /** At the threshold that was chosen on the folds: see `threshold`. */
      test_at_threshold: z
        .object({
          threshold: z.number(),
          precision: z.number(),
          recall: z.number(),
          f1: z.number(),
          flagged: count,
          /** 95 %, as `test_intervals`. */
          intervals: z.object({ precision: interval, recall: interval, f1: interval }).optional(),
        })
        .nullable()
        .optional(),
      /** Each row by the weight of its label; null where all weights are the same. */
      test_weighted: named.nullable().optional(),
      /** Within each snapshot, by raw score, then in order of ids; means over the snapshots with something to find. */
      test_ranking: z
        .object({
          queries: count,
          queries_without_positives: count,
          ndcg: named,
          map: z.number(),
          precision_at_k: named,
          recall_at_k: named,
          intervals: z
            .object({
              ndcg: namedIntervals,
              map: interval,
              precision_at_k: namedIntervals,
              recall_at_k: namedIntervals,
            })
            .nullable(),
          /** Snapshot by snapshot. */
          per_snapshot: z.array(
            z.object({
              processing_date: z.string(),
              rows: count,
              positives: count,
              precision_at_k: named,
              recall_at_k: named.nullable(),
            }),
          ),
        })
        .nullable()
        .optional(),
      /** Of parts of the holdout; null where a part has one class only. */
      test_slices: z
        .object({
          typology: z.array(sliceMetrics),
          snapshot: z.array(sliceMetrics),
          label_source: z.array(sliceMetrics),
        })
        .nullable()
        .optional(),
      test_positive_rate: shareOrNone,
      /** 95 % intervals by bootstrap over addresses, by the metric's name. */
      test_intervals: z.record(z.string(), interval),
      /** What was resampled: with fewer than 20 groups the intervals are too narrow. `redrawn` draws lacked a class. */
      test_bootstrap: z
        .object({ groups: count, resamples: count, redrawn: count, level: z.number() })
        .nullable()
        .optional(),
      cv_auc_mean: shareOrNone,
      cv_auc_std: figure,
      cv_scores: z.array(share),
      /** Of a ranker: NDCG@10 per fold. */
      cv_ndcg_at_10: z.object({ mean: figure, std: figure, scores: z.array(z.number()) }).optional(),
    })
    .catchall(z.unknown()),
  hyperparameters: z.record(z.string(), z.unknown()),
  feature_names: z.array(z.string()),
  num_trees: count,
  best_iteration: count,
  label_strategy: z.string(),
  label_strategy_settings: z.record(z.string(), z.unknown()),
  /** What the model learned from and was judged by. */
  labels: z
    .object({
      /** Alerts of the period by the kind of label that the strategy gave them. */
      kinds: z.partialRecord(labelKind, count),
      /** What the final model was taught, after models had refined it: early stopping's rows among them. */
      taught: z.object({ kinds: z.partialRecord(labelKind, count), rows: count, positives: count }),
      /** The strategy whose labels judge; null where nothing did. */
      judged_by: z
        .object({
          strategy: z.string(),
          settings: z.record(z.string(), z.unknown()),
          kind: labelKind,
          /** Whether these are the labels that the model learned from. */
          own: z.boolean(),
        })
        .nullable(),
      /** What the strategy counted while it labelled. */
      report: z.record(z.string(), z.unknown()),
      /** Versions of imported data sets that the labels came from, those that taught and those that judged. */
      data_sets: z
        .array(z.object({ name: z.string(), rows: count, hash: z.string(), source: z.string() }))
        .exactOptional(),
      /** Figures by the labels that the model learned from, on the same addresses, where others judge. */
      own_label_metrics: z
        .object({
          rows: count,
          positives: count,
          auc: z.number(),
          pr_auc: z.number(),
          brier: z.number(),
          intervals: z.record(z.string(), interval),
        })
        .nullable()
        .exactOptional(),
    })
    .optional(),
  model_trainer: z.string(),
  split: z.object({
    method: z.string(),
    guarantee: z.string(),
    test_fraction: z.number(),
    cv_folds: count,
    /** What was kept together: the rows of an address, or of a cluster's addresses. */
    group_by: z.string().optional(),
    /** Share of the days that the holdout's windows cover which windows of the training part cover, too. */
    shared_window_share: figure.optional(),
    /** The file that names every address of the holdout that the saved model has not learned from, one a line. */
    holdout_file: z.string(),
  }),
  seed: z.int(),
  feature_schema_hash: z.string(),
  feature_plan: z.object({
    groups: z.array(z.string()),
    encodings: z.record(z.string(), z.array(z.string())),
    /** Groups that are not the product's own: columns and SQL. */
    definitions: z.array(featureGroupSchema).exactOptional(),
    /** Columns of the groups that the model was not shown, as its labels are made of what they show. */
    excluded: z.array(z.string()).exactOptional(),
  }),
  /** What each of `feature_names` means. */
  feature_columns: z.array(featureColumnSchema).optional(),
  /** Columns with one value only, and columns that equal another one, among all rows of the training. */
  feature_report: z
    .object({
      constant: z.array(z.string()),
      duplicates: z.array(z.object({ name: z.string(), of: z.string() })),
    })
    .optional(),
  /** Total gain per feature, highest first. */
  feature_importances: z.record(z.string(), z.number()),
  data_fingerprint: z.record(z.string(), z.object({ rows: count, hash: z.string() })),
  /** The same of the snapshots before the period, where a feature looks back at them. */
  history_fingerprint: z.record(z.string(), z.object({ rows: count, hash: z.string() })).optional(),
  leakage_check: z.object({
    /** False: something was found, and the training was allowed to go on. */
    passed: z.boolean(),
    findings: z.array(z.object({ check: z.string(), found: z.string(), remedy: z.string() })).optional(),
    groups_on_both_sides: z.object({ groups: count, share: z.number() }).nullable().optional(),
    permutation_test: z
      .union([z.object({ auc: z.number(), interval, level: z.number() }), z.object({ skipped: z.string() })])
      .nullable()
      .optional(),
    /** `checked`, or why single features were not: too few addresses to tell a leak from chance. */
    features: z.enum(['checked', 'too few addresses', 'no labels']),
    strongest_feature: z.string().nullable(),
    strongest_feature_auc: z.number().nullable(),
  }),
  /** How the ONNX form's probability follows from the native model's. */
  calibration: z
    .union([
      z.object({ method: z.literal('none'), brier: z.record(z.string(), figure).optional() }),
      z.object({
        method: z.literal('platt'),
        slope: z.number(),
        intercept: z.number(),
        brier: z.record(z.string(), figure).optional(),
      }),
      z.object({
        method: z.literal('isotonic'),
        x: z.array(z.number()),
        y: z.array(z.number()),
        brier: z.record(z.string(), figure).optional(),
      }),
    ])
    .optional(),
  /** From which probability on an alert is flagged, chosen on the folds; null where nothing judges or no threshold does what was asked. */
  threshold: z
    .object({
      rule: z.record(z.string(), z.unknown()),
      threshold: figure,
      precision: z.number().optional(),
      recall: z.number().optional(),
      f1: z.number().optional(),
      flagged_per_day: z.number().optional(),
      reason: z.string().optional(),
    })
    .nullable()
    .optional(),
  /** The saved model learned from all labelled rows; the figures are of the model before it. Null where the judged model is saved. */
  refit: z.object({ rows: count, iterations: count }).nullable().optional(),
  /** What features add to the raw scores of holdout rows, by the model's own contributions; null where it has none. */
  shap_summary: z
    .object({
      rows: count,
      base_value: z.number(),
      mean_abs: named,
      /** Spearman's ρ of a feature's values with its contributions; null where it cannot be told. Absent in models of earlier versions. */
      direction: z.record(z.string(), z.number().min(-1).max(1).nullable()).optional(),
    })
    .nullable()
    .optional(),
  /** How many splits use each feature, most first; only of trees. */
  feature_splits: named.optional(),
  onnx_parity: z.object({
    rows: count,
    max_probability_difference: z.number(),
    max_raw_relative_difference: z.number(),
  }),
  package_versions: z.record(z.string(), z.string()),
  git_commit: z.string().optional(),
  /** The model's other files, by their name in the same folder. */
  files: z.record(
    z.string(),
    z.object({ role: z.enum(['native', 'onnx', 'holdout', 'evaluation']), sha256: z.string(), bytes: count }),
  ),
});

/** See {@link modelMetadataSchema}. */
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

/** What a training knows before the model is saved; saving adds the id, the time and the files. */
export type UnsavedMetadata = Omit<
  ModelMetadata,
  'metadata_version' | 'model_id' | 'created_at' | 'files' | 'split'
> & {
  readonly split: Omit<ModelMetadata['split'], 'holdout_file'>;
};
