import { FEWEST_GROUPS, type ModelMetadata } from '@risk-scoring/pipeline';
import { count, figure, percent, table } from './table.ts';

/** A model's figures, each with its 95 % interval and what it says. */
export function showMetrics(metadata: ModelMetadata): string {
  const { metrics, data_stats: stats, leakage_check: leakage } = metadata;
  const isJudged = metrics.test_auc !== null || (metrics.test_ranking ?? null) !== null;
  return [
    `${metadata.model_id}`,
    `Trained on ${showTaught(metadata)} with ${stats.num_features} features${showTrees(metadata)}.`,
    ...showLabels(metadata),
    ...(leakage.findings ?? []).map(({ check, found }) => `LEAK ALLOWED, ${check}: ${found}.`),
    ...(isJudged ? showFigures(metadata) : ['Nobody labelled enough alerts to judge it by.']),
    ...showFinish(metadata),
    ...showGroups(metadata),
    ...showIdleFeatures(metadata),
  ].join('\n');
}

function showTrees({ num_trees: trees }: ModelMetadata): string {
  if (trees === 0) return '';
  if (trees === 1) return ': 1 tree, after which early stopping saw nothing more to learn';
  return `: ${trees} trees`;
}

type Row = readonly [name: string, value: number | null, interval: string, meaning: string];

/** Every figure of the holdout, and of the cross-validation. */
function showFigures(metadata: ModelMetadata): string[] {
  const { metrics, data_stats: stats, split } = metadata;
  const { subject, groups } = wordsOf(metadata);
  const positives = metrics.test_positive_rate;
  return [
    `Judged on ${count(stats.num_holdout)} ${subject} of ${count(stats.num_holdout_addresses)} ${groups}${positives === null ? '' : ` (${percent(positives)} suspicious)`}: ${split.guarantee}.`,
    ...showSplit(metadata),
    '',
    table([
      ['', 'value', '95 % interval', 'what it says'],
      ...[...binaryRows(metadata), ...rankingRows(metadata)].map(([name, value, interval, meaning]) => [
        name,
        figure(value),
        interval,
        meaning,
      ]),
    ]),
    '',
    metrics.cv_ndcg_at_10
      ? `Cross-validation on the training part: NDCG@10 ${figure(metrics.cv_ndcg_at_10.mean)} ± ${figure(metrics.cv_ndcg_at_10.std)} over ${metrics.cv_ndcg_at_10.scores.length} folds.`
      : `Cross-validation on the training part: AUC ${figure(metrics.cv_auc_mean)} ± ${figure(metrics.cv_auc_std)} over ${metrics.cv_scores.length} folds.`,
  ];
}

/** What the split lets a model know of the holdout. */
function showSplit(metadata: ModelMetadata): string[] {
  const { split, leakage_check: leakage, metrics } = metadata;
  const both = leakage.groups_on_both_sides;
  const permutation = leakage.permutation_test;
  const groups = metrics.test_bootstrap?.groups ?? FEWEST_GROUPS;
  return [
    ...(groups < FEWEST_GROUPS
      ? [
          `These are ${count(groups)} ${wordsOf(metadata).groups}: too few for intervals to be trusted; they are too narrow.`,
        ]
      : []),
    ...(permutation && 'skipped' in permutation
      ? [`No permutation test was made: ${permutation.skipped}.`]
      : []),
    ...(permutation && 'auc' in permutation
      ? [
          `A model of shuffled labels has an AUC of ${figure(permutation.auc)} (${percent(permutation.level)} interval ${showInterval(permutation.interval)}): ${permutation.interval[0] > 0.5 ? `it recognises ${wordsOf(metadata).groups} that it learned from` : 'chance, as it should be'}.`,
        ]
      : []),
    ...(both && both.groups > 0
      ? [
          `${percent(both.share)} of the holdout's ${wordsOf(metadata).groups} have rows that it learned from: on others it does worse.`,
        ]
      : []),
    ...(split.method === 'temporal' && typeof split.shared_window_share === 'number'
      ? [
          `${percent(split.shared_window_share)} of the days that the holdout's windows cover are in the training part's windows, too.`,
        ]
      : []),
  ];
}

function binaryRows({ metrics }: ModelMetadata): Row[] {
  if (metrics.test_auc === null) return [];
  const of = (key: string) => showInterval(metrics.test_intervals[key]);
  const chosen = metrics.test_at_threshold;
  return [
    [
      'AUC',
      metrics.test_auc,
      of('auc'),
      'a suspicious one is ranked above a normal one this often (0.5 is chance)',
    ],
    [
      'PR-AUC',
      metrics.test_pr_auc,
      of('pr_auc'),
      `average precision down the ranking (chance gives ${figure(metrics.test_positive_rate)})`,
    ],
    [
      'precision',
      metrics.test_precision,
      of('precision'),
      `of those scored ${metrics.test_threshold ?? 0.5} or more, this share is suspicious`,
    ],
    [
      'recall',
      metrics.test_recall,
      of('recall'),
      'of suspicious ones, this share is found at that threshold',
    ],
    ['F1', metrics.test_f1, of('f1'), 'harmonic mean of precision and recall'],
    ...(chosen
      ? ([
          [
            `precision, ≥ ${figure(chosen.threshold)}`,
            chosen.flagged === 0 ? null : chosen.precision,
            showInterval(chosen.intervals?.precision),
            `the same at the threshold that was chosen (${count(chosen.flagged)} flagged)`,
          ],
          [
            `recall, ≥ ${figure(chosen.threshold)}`,
            chosen.recall,
            showInterval(chosen.intervals?.recall),
            'and of suspicious ones found there',
          ],
        ] satisfies Row[])
      : []),
    ['Brier', metrics.test_brier, of('brier'), 'mean squared error of the probabilities (lower is better)'],
    [
      'log loss',
      metrics.test_log_loss,
      of('log_loss'),
      'how surprised the probabilities were (lower is better)',
    ],
    ...(typeof metrics.test_ece === 'number'
      ? ([
          [
            'ECE',
            metrics.test_ece,
            of('ece'),
            'how far probabilities are from the shares that come true (its interval lies high, as samples of it do)',
          ],
        ] satisfies Row[])
      : []),
  ];
}

/** How the rows of a snapshot are ordered: in full for a ranker, and the top of the list for others. */
function rankingRows({ metrics, model_type: type }: ModelMetadata): Row[] {
  const ranking = metrics.test_ranking;
  if (!ranking) return [];
  const { intervals } = ranking;
  const ks = Object.keys(ranking.ndcg);
  const shown = type === 'alert_ranker' ? ks : ks.slice(0, 1);
  return [
    ...shown.map((k): Row => {
      return [
        `NDCG@${k}`,
        ranking.ndcg[k] ?? null,
        showInterval(intervals?.ndcg[k]),
        'order within a snapshot, by relevance (1 is perfect)',
      ];
    }),
    ...(type === 'alert_ranker'
      ? ([
          ['MAP', ranking.map, showInterval(intervals?.map), 'mean average precision within a snapshot'],
        ] satisfies Row[])
      : []),
    ...shown.map((k): Row => {
      return [
        `precision@${k}`,
        ranking.precision_at_k[k] ?? null,
        showInterval(intervals?.precision_at_k[k]),
        `of a snapshot's first ${k} of the holdout, this share is suspicious`,
      ];
    }),
  ];
}

/** Calibration, threshold and whether the saved model is the judged one. */
function showFinish({ calibration, threshold, refit }: ModelMetadata): string[] {
  return [
    ...(calibration && calibration.method !== 'none'
      ? [`Probabilities are calibrated by ${CALIBRATION_NAMES[calibration.method]}, fitted on the folds.`]
      : []),
    ...(threshold?.threshold === null ? [`No threshold does what was asked for: ${threshold.reason}.`] : []),
    ...(refit
      ? [
          `The saved model learned from all ${count(refit.rows)} rows there are to learn from; the figures are those of the model before it, which never saw the holdout.`,
        ]
      : []),
  ];
}

const CALIBRATION_NAMES = { platt: 'Platt scaling', isotonic: 'isotonic regression' } as const;

/** What rows and groups of rows are called. */
function wordsOf({ model_type: type }: ModelMetadata): { readonly subject: string; readonly groups: string } {
  return type === 'cluster_scorer'
    ? { subject: 'clusters', groups: 'groups of clusters' }
    : { subject: 'alerts', groups: 'addresses' };
}

/** What it learned from: `5,126 labelled alerts`, or all alerts where labels mean nothing to it. */
function showTaught(metadata: ModelMetadata): string {
  const { data_stats: stats, labels } = metadata;
  const { subject } = wordsOf(metadata);
  const rows = stats.num_train + stats.num_validation;
  const whatever = labels !== undefined && rows > labels.taught.rows;
  return `${count(rows)} ${whatever ? `${subject}, whatever their labels,` : `labelled ${subject}`}`;
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
function showGroups({
  feature_plan: { groups, definitions = [] },
  model_type: type,
}: ModelMetadata): string[] {
  if (definitions.length === 0 || type === 'cluster_scorer') return [];
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
