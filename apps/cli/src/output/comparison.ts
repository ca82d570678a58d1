import {
  FEWEST_GROUPS,
  groupsAre,
  type ModelComparison,
  type ModelDescription,
} from '@risk-scoring/pipeline';
import { showRows, showVerdict } from './compared-rows.ts';
import { showTrainingFigures } from './described-figures.ts';
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
    ...showTrainingFigures(comparison),
    ...showFewGroups(comparison),
    '',
    ...showParameters(comparison),
    ...showFeatures(comparison),
    '',
    ...showSnapshots(comparison),
    ...showRows('All labelled rows', comparison.all, comparison),
    showLearned(comparison),
    '',
    ...(comparison.unseen
      ? [
          ...showRows('Rows that neither learned from', comparison.unseen, comparison),
          showVerdict(comparison.unseen),
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

/** Which model may know the rows; nobody can tell where the data of its training is not there. */
function showLearned({ learned_from: { first, second } }: ModelComparison): string {
  if (first === null && second === null)
    return 'Nobody can tell how many of them either may have learned from.';
  const than = 'this tells how well they know them, not how well they judge';
  if (first === null || second === null) {
    const [unknown, known] = first === null ? ['first', 'second'] : ['second', 'first'];
    return `The ${known} may have learned from ${count(first ?? second ?? 0)} of them, and nobody can tell how many the ${unknown} may have learned from: ${than}.`;
  }
  return `The first may have learned from ${count(first)} of them, the second from ${count(second)}: ${than}.`;
}

/** Said of a training whose intervals are of few addresses. */
function showFewGroups({ first, second, model_type: type }: ModelComparison): string[] {
  const models = first.model_id === second.model_id ? [first] : [first, second];
  return models.flatMap(({ model_id: id, resampled_groups: groups }) =>
    groups === null || groups >= FEWEST_GROUPS
      ? []
      : [`The intervals of ${id} are too narrow: they are of ${count(groups)} ${groupsAre(type)}.`],
  );
}
