import type { ModelMetadata } from '@risk-scoring/model-storage';

/** What a model's metadata says of it: what two models are laid side by side by. Plain JSON. */
export interface ModelDescription {
  readonly model_id: string;
  readonly version: string;
  readonly created_at: string;
  readonly trainer: string;
  readonly training_period: ModelMetadata['training_period'];
  readonly data: Pick<
    ModelMetadata['data_stats'],
    'num_snapshots' | 'num_alerts' | 'num_addresses' | 'num_samples' | 'positive_rate' | 'num_holdout'
  >;
  readonly split: Pick<ModelMetadata['split'], 'method' | 'guarantee' | 'test_fraction' | 'group_by'>;
  readonly labels: {
    readonly strategy: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly judged_by: { readonly strategy: string; readonly kind: string } | null;
  };
  readonly features: number;
  readonly trees: number;
  readonly calibration: string;
  /** From which score on an alert is flagged; null where none was chosen. */
  readonly threshold: number | null;
  /** The saved model learned from all labelled rows: its figures are of the model before it. */
  readonly refitted: boolean;
  readonly leakage_passed: boolean;
  readonly seed: number;
  /** On the model's own holdout, by the labels that judged it: two models' are of different rows. Null where nothing judged. */
  readonly metrics: Readonly<Record<FigureName, DescribedFigure | null>>;
  /** On the same holdout, how its rows are ordered within their snapshots; null where nothing judged. */
  readonly ranking: DescribedRanking | null;
  /** How many groups these intervals were drawn from: addresses, or groups of clusters; under 20 they are too narrow. Null without intervals. */
  readonly resampled_groups: number | null;
}

/** Figures of a ranking, by k where they have one. */
export interface DescribedRanking {
  readonly ndcg: Readonly<Record<string, DescribedFigure>>;
  readonly map: DescribedFigure;
  readonly precision_at_k: Readonly<Record<string, DescribedFigure>>;
  /** Mean over the folds of the training part; null but of rankers. */
  readonly cv_ndcg_at_10: DescribedFigure | null;
}

/** A figure with its 95 % interval; null where there is none. */
export interface DescribedFigure {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

/** Figures of the metadata by name: the interval of `test_auc` is `test_intervals.auc`. */
const FIGURES = {
  test_auc: 'auc',
  test_pr_auc: 'pr_auc',
  test_precision: 'precision',
  test_recall: 'recall',
  test_f1: 'f1',
  test_brier: 'brier',
  test_log_loss: 'log_loss',
  test_ece: 'ece',
  cv_auc_mean: '',
} as const;

/** One of the figures of {@link ModelDescription}. */
export type FigureName = keyof typeof FIGURES;

/** What is read off a model's metadata. */
export function describeModel(metadata: ModelMetadata): ModelDescription {
  const { data_stats: stats, split, labels } = metadata;
  const judged = labels?.judged_by ?? null;
  return {
    model_id: metadata.model_id,
    version: metadata.version,
    created_at: metadata.created_at,
    trainer: metadata.model_trainer,
    training_period: metadata.training_period,
    data: {
      num_snapshots: stats.num_snapshots,
      num_alerts: stats.num_alerts,
      num_addresses: stats.num_addresses,
      num_samples: stats.num_samples,
      positive_rate: stats.positive_rate,
      num_holdout: stats.num_holdout,
    },
    split: {
      method: split.method,
      guarantee: split.guarantee,
      test_fraction: split.test_fraction,
      group_by: split.group_by,
    },
    labels: {
      strategy: metadata.label_strategy,
      settings: metadata.label_strategy_settings,
      judged_by: judged && { strategy: judged.strategy, kind: judged.kind },
    },
    features: metadata.feature_names.length,
    trees: metadata.num_trees,
    calibration: metadata.calibration?.method ?? 'none',
    threshold: metadata.threshold?.threshold ?? null,
    refitted: Boolean(metadata.refit),
    leakage_passed: metadata.leakage_check.passed,
    seed: metadata.seed,
    metrics: metricsOf(metadata),
    ranking: rankingOf(metadata),
    resampled_groups: metadata.metrics.test_bootstrap?.groups ?? null,
  };
}

function metricsOf({ metrics }: ModelMetadata): ModelDescription['metrics'] {
  const described = Object.entries(FIGURES).map(([name, interval]) => {
    const value = metrics[name];
    if (typeof value !== 'number') return [name, null] as const;
    return [name, { value, interval: metrics.test_intervals[interval] ?? null }] as const;
  });
  return Object.fromEntries(described) as Record<FigureName, DescribedFigure | null>;
}

function rankingOf({ metrics }: ModelMetadata): DescribedRanking | null {
  const { test_ranking: ranking, cv_ndcg_at_10: folds } = metrics;
  if (!ranking) return null;
  const { intervals } = ranking;
  const byK = (name: 'ndcg' | 'precision_at_k') =>
    Object.fromEntries(
      Object.entries(ranking[name]).flatMap(([k, value]) =>
        value === null ? [] : [[k, { value, interval: intervals?.[name][k] ?? null }]],
      ),
    );
  return {
    ndcg: byK('ndcg'),
    map: { value: ranking.map, interval: intervals?.map ?? null },
    precision_at_k: byK('precision_at_k'),
    cv_ndcg_at_10: folds && folds.mean !== null ? { value: folds.mean, interval: null } : null,
  };
}

/** A parameter that differs; null of a model that has none of the name. */
export interface DifferentParameter {
  readonly name: string;
  readonly first: unknown;
  readonly second: unknown;
}

/** What was set otherwise: the trainer's parameters, the label strategy's settings and the split. */
export function differentParameters(first: ModelMetadata, second: ModelMetadata): DifferentParameter[] {
  const [one, other] = [parametersOf(first), parametersOf(second)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((name) => JSON.stringify(one.get(name)) !== JSON.stringify(other.get(name)))
    .sort()
    .map((name) => ({ name, first: one.get(name) ?? null, second: other.get(name) ?? null }));
}

function parametersOf(metadata: ModelMetadata): Map<string, unknown> {
  const { hyperparameters, label_strategy_settings: labels, split } = metadata;
  return new Map<string, unknown>([
    ['trainer', metadata.model_trainer],
    ['seed', metadata.seed],
    ['label_strategy', metadata.label_strategy],
    ['split', split.method],
    ['split.test_fraction', split.test_fraction],
    ['split.cv_folds', split.cv_folds],
    ['split.group_by', split.group_by ?? null],
    ...Object.entries(hyperparameters),
    ...Object.entries(labels).map(([name, value]) => [`labels.${name}`, value] as const),
  ]);
}

/** Which features two models share. */
export interface FeatureDifference {
  /** Of the second alone. */
  readonly added: readonly string[];
  /** Of the first alone. */
  readonly removed: readonly string[];
  readonly same: number;
  /** The same names are computed the same way. */
  readonly same_schema: boolean;
}

/** Features of the second model that the first has not, and the other way round. */
export function featureDifference(first: ModelMetadata, second: ModelMetadata): FeatureDifference {
  const [one, other] = [new Set(first.feature_names), new Set(second.feature_names)];
  const added = second.feature_names.filter((name) => !one.has(name));
  return {
    added,
    removed: first.feature_names.filter((name) => !other.has(name)),
    same: second.feature_names.length - added.length,
    same_schema: first.feature_schema_hash === second.feature_schema_hash,
  };
}
