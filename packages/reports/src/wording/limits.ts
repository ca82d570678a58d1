import type { ReportContent } from '../content.ts';
import { count, figure, percent } from './numbers.ts';
import { isJudged, kindName, wordsOf } from './words.ts';

/** With fewer groups, a bootstrap over them says little. */
const FEWEST_GROUPS = 20;

/** What a reader must not take from the figures, each as a sentence; the gravest first. */
export function limitsOf(content: ReportContent): string[] {
  return [...ofLeaks(content), ...ofLabels(content), ...ofJudging(content), ...ofUse(content)];
}

function ofLeaks({ metadata }: ReportContent): string[] {
  const { leakage_check: leakage, metrics, split } = metadata;
  const { groups } = wordsOf(metadata);
  const permutation = leakage.permutation_test;
  const both = leakage.groups_on_both_sides;
  return [
    ...(leakage.passed
      ? []
      : [
          'A leakage check found something, and the training was allowed to go on: the figures are likely too good.',
        ]),
    ...(permutation && 'auc' in permutation && permutation.interval[0] > 0.5
      ? [
          `A model of shuffled labels did better than chance (AUC ${figure(permutation.auc)}): it recognises ${groups} that it learned from.`,
        ]
      : []),
    ...(both && both.groups > 0
      ? [
          `${percent(both.share)} of the holdout's ${groups} have rows that the model learned from: on others it does worse.`,
        ]
      : []),
    ...(split.method === 'temporal' &&
    typeof split.shared_window_share === 'number' &&
    split.shared_window_share > 0
      ? [
          `${percent(split.shared_window_share)} of the days that the holdout's windows cover are in the training part's windows, too.`,
        ]
      : []),
    ...(isJudged(metadata) && (metrics.test_bootstrap?.groups ?? FEWEST_GROUPS) < FEWEST_GROUPS
      ? [
          `The holdout has ${count(metrics.test_bootstrap?.groups ?? 0)} ${groups}: too few for the intervals to be trusted; they are too narrow.`,
        ]
      : []),
  ];
}

function ofLabels({ metadata }: ReportContent): string[] {
  if (!isJudged(metadata)) {
    return [
      'Nothing judged the model: how well it does is not known, and nothing here says that it does well.',
    ];
  }
  const judge = metadata.labels?.judged_by;
  if (!judge || judge.kind === 'true') return [];
  return [
    judge.own
      ? `The figures say how well the model repeats ${kindName(judge.kind)} that it was taught, not whether these are right.`
      : `The figures are by ${kindName(judge.kind)}: they say how well the model agrees with these, not whether these are right.`,
  ];
}

function ofJudging({ metadata, evaluation }: ReportContent): string[] {
  if (!isJudged(metadata)) return [];
  const { data_stats: stats, metrics, refit, split } = metadata;
  const { subject } = wordsOf(metadata);
  const unlabelled = metadata.model_type === 'cluster_scorer' ? 0 : stats.num_alerts - stats.num_samples;
  return [
    ...(refit
      ? [
          `The saved model learned from all ${count(refit.rows)} labelled rows. The figures are of the model before it, which never saw the holdout; nothing has judged the saved one.`,
        ]
      : []),
    ...(unlabelled > 0
      ? [
          `Only labelled ${subject} judge: ${count(unlabelled)} of ${count(stats.num_alerts)} ${subject} have no label, and may differ from those that have one.`,
        ]
      : []),
    ...(metrics.test_positive_rate === null
      ? []
      : [
          `Precision and PR-AUC hold for a share of ${percent(metrics.test_positive_rate)} suspicious ${subject}, as in the holdout; where it is lower, they are lower.`,
        ]),
    ...(split.method === 'temporal'
      ? []
      : [
          'The holdout is of the same dates as the training part: the figures do not say how the model does on later snapshots.',
        ]),
    ...(evaluation === null ? ['The model was saved without curves, so none are drawn.'] : []),
  ];
}

function ofUse({ metadata, drift }: ReportContent): string[] {
  return [
    ...(metadata.model_type === 'alert_ranker'
      ? [
          'The scores of a ranker order the alerts of one snapshot; they are no probabilities, and no threshold holds for them.',
        ]
      : []),
    ...(metadata.shap_summary || Object.keys(metadata.feature_importances).length > 0
      ? ['Features that move scores are not causes: they show what the model uses.']
      : []),
    ...(drift && drift.processing_date <= metadata.training_period.end_date
      ? [
          'The snapshot that drift is measured on lies within the training period: it shows no drift of later data.',
        ]
      : []),
  ];
}
