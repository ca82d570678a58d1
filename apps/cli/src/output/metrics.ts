import type { ModelMetadata } from '@risk-scoring/pipeline';
import { count, figure, percent, table } from './table.ts';

/** A model's figures, each with its 95 % interval and what it says. */
export function showMetrics(metadata: ModelMetadata): string {
  const { metrics, data_stats: stats } = metadata;
  const rows: [name: string, key: string, value: number | null, meaning: string][] = [
    [
      'AUC',
      'auc',
      metrics.test_auc,
      'a suspicious alert is ranked above a normal one this often (0.5 is chance)',
    ],
    [
      'PR-AUC',
      'pr_auc',
      metrics.test_pr_auc,
      `average precision down the ranking (chance gives ${figure(metrics.test_positive_rate)})`,
    ],
    [
      'precision',
      'precision',
      metrics.test_precision,
      `of alerts scored ${metrics.test_threshold ?? 0.5} or more, this share is suspicious`,
    ],
    ['recall', 'recall', metrics.test_recall, 'of suspicious alerts, this share is found at that threshold'],
    ['F1', 'f1', metrics.test_f1, 'harmonic mean of precision and recall'],
    ['Brier', 'brier', metrics.test_brier, 'mean squared error of the probabilities (lower is better)'],
    ['log loss', 'log_loss', metrics.test_log_loss, 'how surprised the probabilities were (lower is better)'],
  ];
  return [
    `${metadata.model_id}`,
    `Trained on ${showTaught(metadata)} with ${stats.num_features} features: ${metadata.num_trees} trees.`,
    ...showLabels(metadata),
    ...(metrics.test_auc === null
      ? ['Nobody labelled enough alerts to judge it by.']
      : showFigures(metadata, rows)),
    ...showGroups(metadata),
    ...showIdleFeatures(metadata),
  ].join('\n');
}

/** Every figure of the holdout, and of the cross-validation. */
function showFigures(
  { metrics, data_stats: stats }: ModelMetadata,
  rows: readonly [name: string, key: string, value: number | null, meaning: string][],
): string[] {
  return [
    `Judged on ${count(stats.num_holdout)} alerts of ${count(stats.num_holdout_addresses)} addresses that it never saw (${percent(metrics.test_positive_rate ?? 0)} suspicious):`,
    '',
    table([
      ['', 'value', '95 % interval', 'what it says'],
      ...rows.map(([name, key, value, meaning]) => [
        name,
        figure(value),
        showInterval(metrics.test_intervals[key]),
        meaning,
      ]),
    ]),
    '',
    `Cross-validation on the training part: AUC ${figure(metrics.cv_auc_mean)} ± ${figure(metrics.cv_auc_std)} over ${metrics.cv_scores.length} folds.`,
  ];
}

/** What it learned from: `5,126 labelled alerts`, or all alerts where labels mean nothing to it. */
function showTaught({ data_stats: stats, labels }: ModelMetadata): string {
  const rows = stats.num_train + stats.num_validation;
  const whatever = labels !== undefined && rows > labels.taught.rows;
  return `${count(rows)} ${whatever ? 'alerts, whatever their labels,' : 'labelled alerts'}`;
}

/** Where the labels come from, and which ones judge; models of older versions do not say. */
function showLabels({ label_strategy: strategy, labels, feature_plan: plan }: ModelMetadata): string[] {
  if (labels === undefined) return [];
  const { taught, judged_by: judge, own_label_metrics: own, data_sets: sets = [], report } = labels;
  const kinds = Object.entries(taught.kinds).map(
    ([kind, rows]) => `${count(rows)} ${KIND_NAMES[kind] ?? kind}`,
  );
  const read = sets.length > 0 ? ` with ${sets.map(({ name }) => name).join(', ')}` : '';
  const { excluded = [] } = plan;
  return [
    `Labels by '${strategy}'${read}: ${kinds.length > 0 ? kinds.join(', ') : 'none'}.`,
    ...remarksIn(report),
    ...(excluded.length > 0
      ? [`Left out, as they show what labels are made of: ${excluded.length} features (${some(excluded)}).`]
      : []),
    ...(judge ? [showJudge(judge)] : []),
    ...(own
      ? [
          `By the labels that it was taught, on ${count(own.rows)} alerts of the same addresses: AUC ${figure(own.auc)}, PR-AUC ${figure(own.pr_auc)}, Brier ${figure(own.brier)}. Where that is far better, it learned the rule behind those labels.`,
        ]
      : []),
  ];
}

function showJudge({
  strategy,
  kind,
  own,
}: NonNullable<NonNullable<ModelMetadata['labels']>['judged_by']>): string {
  const name = KIND_NAMES[kind] ?? kind;
  if (kind === 'true')
    return own
      ? 'The figures are on true labels.'
      : `The figures are on true labels, those of '${strategy}'.`;
  return own
    ? `No true labels are there: the figures are on ${name}, which the model was taught to repeat.`
    : `The figures are on ${name}, those of '${strategy}', as was asked for.`;
}

/** Sentences that the label strategy has for whoever trains. */
function remarksIn(report: Readonly<Record<string, unknown>>): string[] {
  const { remarks } = report;
  return Array.isArray(remarks) ? remarks.filter((remark) => typeof remark === 'string') : [];
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  true: 'true labels',
  proxy: 'proxy labels',
  heuristic: 'labels by rules',
  pseudo: 'pseudo-labels',
};

/** The feature groups, where the model carries some that are not the product's own. */
function showGroups({ feature_plan: { groups, definitions = [] } }: ModelMetadata): string[] {
  if (definitions.length === 0) return [];
  return [
    `Feature groups: ${groups.join(', ')}; it carries ${definitions.map(({ name }) => name).join(', ')} itself.`,
  ];
}

/** Features that taught the model nothing, because they never vary or say what another one says. */
function showIdleFeatures({ feature_report: report, data_stats: stats }: ModelMetadata): string[] {
  if (report === undefined) return [];
  const { constant, duplicates } = report;
  if (constant.length + duplicates.length === 0) return [];
  const parts = [
    ...(constant.length > 0 ? [`${constant.length} never vary (${some(constant)})`] : []),
    ...(duplicates.length > 0
      ? [
          `${duplicates.length} repeat another one (${some(duplicates.map(({ name, of }) => `${name} = ${of}`))})`,
        ]
      : []),
  ];
  return [`Of ${stats.num_features} features ${parts.join(', ')}.`];
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown}, …` : shown;
}

function showInterval(interval: readonly [number, number] | undefined): string {
  return interval === undefined ? '' : `${figure(interval[0])} to ${figure(interval[1])}`;
}
