import type { Monitoring, RealisedFigures } from '@risk-scoring/pipeline';
import { count, figure, percent, table } from './table.ts';

/**
 * What `monitor` prints: a line per snapshot, then what was crossed in words.
 *
 * @example
 * showMonitoring(await monitorModel(database, { windowDays: 30 }));
 */
export function showMonitoring(monitoring: Monitoring): string {
  const { model_id, training_period, snapshots, thresholds } = monitoring;
  const crossed = snapshots.filter((snapshot) => snapshot.crossed.length > 0);
  return [
    `${model_id}, trained on ${training_period.start_date} to ${training_period.end_date}:`,
    '',
    lines(monitoring),
    '',
    ...legend(monitoring),
    '',
    ...(crossed.length === 0
      ? [
          `No threshold was crossed (PSI ${thresholds.scorePsi} of scores, ${thresholds.featurePsi} of features).`,
        ]
      : [
          `${crossed.length} of ${snapshots.length} snapshots crossed a threshold:`,
          ...crossed.flatMap((snapshot) => [
            '',
            snapshot.processing_date,
            ...snapshot.crossed.map(({ says }) => `  ${says}`),
          ]),
        ]),
  ].join('\n');
}

function lines({ snapshots }: Monitoring): string {
  const heading = [
    'snapshot',
    'rows',
    'score PSI',
    'chance',
    'usual',
    'features over',
    'missing',
    'positives',
    'AUC',
    'AUC unseen',
    '',
  ];
  return table([
    heading,
    ...snapshots.map(({ labels, ...snapshot }) => [
      snapshot.processing_date,
      count(snapshot.rows),
      figure(snapshot.scores.psi),
      figure(snapshot.scores.psi_by_chance),
      snapshot.scores.psi_in_training === null ? '–' : figure(snapshot.scores.psi_in_training),
      `${snapshot.drifted_features.length} of ${snapshot.used_features}`,
      missing(snapshot.features),
      labels === null ? 'no labels' : `${percent(labels.positive_rate)} of ${count(labels.labelled)}`,
      labels === null ? '–' : auc(labels.all),
      labels === null ? '–' : labels.unseen === null ? 'not known' : auc(labels.unseen),
      [
        ...(snapshot.crossed.length > 0 ? ['crossed'] : []),
        ...(snapshot.in_training_period ? ['trained on'] : []),
      ].join(', '),
    ]),
  ]);
}

function auc({ auc: value, auc_interval: interval }: RealisedFigures): string {
  if (value === null) return '–';
  return interval === null
    ? figure(value)
    : `${figure(value)} (${figure(interval[0])}–${figure(interval[1])})`;
}

/** The mean share of missing values over all features, and the same in training. */
function missing(features: Monitoring['snapshots'][number]['features']): string {
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  const now = mean(features.map((feature) => feature.missing));
  const before = mean(features.map((feature) => feature.reference_missing));
  return `${percent(now)} (${percent(before)})`;
}

function legend({ snapshots }: Monitoring): string[] {
  const labelled = snapshots.flatMap(({ labels }) => (labels === null ? [] : [labels]));
  const [first] = labelled;
  return [
    'chance: what the PSI of an unchanged snapshot of this size stays below 999 times in 1000; usual: what four of five snapshots of the training stay within against its others (– for fewer than five); missing: mean share over all features, in training in brackets.',
    ...(first === undefined
      ? []
      : [
          `Labels are those of ${first.strategy}${first.strategy_reason === null ? '' : ` (${first.strategy_reason})`}; in training ${first.reference_positive_rate === null ? 'there were none' : `${percent(first.reference_positive_rate)} were positive`}.`,
          `AUC unseen: ${first.unseen_reason === null ? 'of addresses that the model has not learned from' : `not known, as ${first.unseen_reason}`}; the AUC of all rows is flattered by addresses that it has learned from. Intervals are 95 %.`,
        ]),
    ...(snapshots.some((snapshot) => snapshot.in_training_period)
      ? ['The model learned from snapshots marked so: their scores and AUC say nothing of later ones.']
      : []),
  ];
}
