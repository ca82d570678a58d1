import type {
  DescribedFigure,
  FigureName,
  JudgedScores,
  ModelComparison,
  ModelDescription,
  RowsComparison,
} from '@risk-scoring/pipeline';
import { showUsedStrategy } from './judged-rows.ts';
import { count, figure, percent, table } from './table.ts';

/** Two models side by side. What tells which one is better comes last. */
export function showComparison(comparison: ModelComparison): string {
  const { first, second } = comparison;
  return [
    table([
      [comparison.model_type, 'first', 'second'],
      ...descriptionRows.map(([name, show]) => [name, show(first), show(second)]),
    ]),
    '',
    'Figures of each training on its own holdout. These may be of different rows: which model is better, see below.',
    ...[first, second]
      .filter((model) => model.refitted)
      .map((model) => `Those of ${model.model_id} are of the model before it was refitted on all rows.`),
    table([
      ['', 'first', 'second'],
      ...figureNames.map(([name, title]) => [
        title,
        showFigure(first.metrics[name]),
        showFigure(second.metrics[name]),
      ]),
    ]),
    '',
    ...showParameters(comparison),
    ...showFeatures(comparison),
    '',
    ...showSnapshots(comparison),
    ...showRows('All labelled rows', comparison.all),
    `The first may have learned from ${learned(comparison.learned_from.first)} of them, the second from ${learned(comparison.learned_from.second)}: this tells how well they know them, not how well they judge.`,
    '',
    ...(comparison.unseen
      ? [
          ...showRows('Rows that neither learned from', comparison.unseen),
          showVerdict(comparison.unseen, comparison),
        ]
      : [
          'Rows that neither learned from',
          `Nothing can be said of them: ${comparison.unseen_reason ?? 'there are none'}.`,
        ]),
  ].join('\n');
}

const descriptionRows: readonly (readonly [name: string, show: (model: ModelDescription) => string])[] = [
  ['model', (model) => model.model_id],
  ['version', (model) => model.version],
  ['created (UTC)', (model) => model.created_at],
  ['trainer', (model) => `${model.trainer}${model.trees > 0 ? `, ${count(model.trees)} trees` : ''}`],
  ['trained on', (model) => `${model.training_period.start_date} to ${model.training_period.end_date}`],
  ['window', (model) => `${model.training_period.window_days} days`],
  ['snapshots', (model) => count(model.data.num_snapshots)],
  ['alerts', (model) => count(model.data.num_alerts)],
  ['addresses', (model) => count(model.data.num_addresses)],
  [
    'labelled',
    (model) => `${count(model.data.num_samples)}, ${percent(model.data.positive_rate)} suspicious`,
  ],
  ['labels', (model) => model.labels.strategy],
  [
    'judged by',
    ({ labels: { judged_by: judged } }) => (judged ? `${judged.strategy} (${judged.kind})` : 'nothing'),
  ],
  ['split', (model) => `${model.split.method}, ${percent(model.split.test_fraction)} set aside`],
  ['features', (model) => count(model.features)],
  ['calibration', (model) => model.calibration],
  ['threshold', (model) => figure(model.threshold)],
  ['refitted', (model) => (model.refitted ? 'yes, on all its rows' : 'no')],
  ['leakage check', (model) => (model.leakage_passed ? 'passed' : 'NOT PASSED')],
  ['seed', (model) => `${model.seed}`],
];

const figureNames: readonly (readonly [name: FigureName, title: string])[] = [
  ['test_auc', 'AUC'],
  ['test_pr_auc', 'PR-AUC'],
  ['test_precision', 'precision'],
  ['test_recall', 'recall'],
  ['test_f1', 'F1'],
  ['test_brier', 'Brier'],
  ['test_log_loss', 'log loss'],
  ['test_ece', 'ECE'],
  ['cv_auc_mean', 'CV AUC'],
];

function showFigure(described: DescribedFigure | null): string {
  if (described === null) return '–';
  const { value, interval } = described;
  return interval ? `${figure(value)} (${between(interval)})` : figure(value);
}

function between([low, high]: readonly [number, number], show: (value: number) => string = figure): string {
  return `${show(low)} to ${show(high)}`;
}

function showParameters({ parameters }: ModelComparison): string[] {
  if (parameters.length === 0) return ['Parameters: the same.'];
  return [
    'Parameters that differ',
    table([
      ['', 'first', 'second'],
      ...parameters.map(({ name, first, second }) => [name, showValue(first), showValue(second)]),
    ]),
    '',
  ];
}

function showValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (value === null) return '–';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function showFeatures({ features: { added, removed, same, same_schema } }: ModelComparison): string[] {
  if (same_schema) return [`Features: the same ${count(same)}, computed the same way.`];
  return [
    `Features: ${count(same)} in both${added.length + removed.length === 0 ? ', computed otherwise' : ''}.`,
    ...(added.length > 0 ? [`  only in the second: ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`  only in the first: ${removed.join(', ')}`] : []),
  ];
}

const MOST_SNAPSHOTS = 12;

function showSnapshots({ snapshots, labels, model_type: type }: ModelComparison): string[] {
  const subject = type === 'cluster_scorer' ? 'clusters' : 'alerts';
  const shown = snapshots.slice(-MOST_SNAPSHOTS);
  return [
    'Both scored the same snapshots',
    table([
      ['date', subject, 'labelled', 'suspicious', 'in the training period of'],
      ...shown.map(({ processing_date: date, rows, labelled, positives, in_training_of: ofModels }) => [
        date,
        count(rows),
        count(labelled),
        count(positives),
        ofModels.length === 2 ? 'both' : (ofModels[0] ?? 'neither'),
      ]),
    ]),
    ...(snapshots.length > shown.length
      ? [`and ${count(snapshots.length - shown.length)} earlier ones`]
      : []),
    ...showUsedStrategy(labels),
    '',
  ];
}

function learned(rows: number | null): string {
  return rows === null ? 'nobody can tell how many' : count(rows);
}

/** Figures on some rows, with what the second does better. */
function showRows(title: string, rows: RowsComparison): string[] {
  const { first, second, auc_difference: paired } = rows;
  const difference = `${signed(paired.difference)} (${between(paired.interval, signed)})`;
  return [
    `${title}: ${count(rows.rows)}, ${count(rows.positives)} suspicious; suspicious ones of ${count(rows.positive_groups)} and normal ones of ${count(rows.negative_groups)} addresses`,
    table([
      ['', 'first', 'second', 'second − first'],
      ['AUC', ...pairOf(rows, 'auc'), difference],
      ['PR-AUC', ...pairOf(rows, 'pr_auc'), signed(second.pr_auc - first.pr_auc)],
      ...(first.brier === null || second.brier === null
        ? []
        : [['Brier', ...pairOf(rows, 'brier'), signed(second.brier - first.brier)]]),
      ...(first.ece === null || second.ece === null
        ? []
        : [['ECE', ...pairOf(rows, 'ece'), signed(second.ece - first.ece)]]),
    ]),
  ];
}

function pairOf({ first, second }: RowsComparison, name: keyof JudgedScores['intervals']): string[] {
  return [first, second].map((scores) => {
    const interval = scores.intervals[name];
    return `${figure(scores[name])}${interval ? ` (${between(interval)})` : ''}`;
  });
}

/** A difference with its sign. */
function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** With fewer, a bootstrap over them says little. */
const FEWEST_GROUPS = 20;

function showVerdict(rows: RowsComparison, { model_type: type }: ModelComparison): string {
  const {
    interval: [low, high],
    share_better: share,
    level,
  } = rows.auc_difference;
  const draws = `it has the greater AUC in ${percent(share)} of the draws`;
  const few =
    Math.min(rows.positive_groups, rows.negative_groups) < FEWEST_GROUPS
      ? ` Fewer than ${FEWEST_GROUPS} ${type === 'cluster_scorer' ? 'groups of clusters' : 'addresses'} of a class: intervals are too narrow; compare on more snapshots.`
      : '';
  if (low > 0) return `The second is better: the ${level * 100} % interval is above 0; ${draws}.${few}`;
  if (high < 0) return `The first is better: the ${level * 100} % interval is below 0.${few}`;
  return `These rows do not show which is better: the ${level * 100} % interval holds 0. Of the second, ${draws}.${few}`;
}
