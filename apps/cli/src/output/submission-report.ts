import type { SubmissionReport } from '@risk-scoring/pipeline';
import { count, figure, percent, table } from './table.ts';

/** A report on a submission as text: what a validator would take, part by part, then what it leaves out. */
export function showSubmissionReport(report: SubmissionReport): string {
  return [
    `${report.file}`,
    `${count(report.rows)} rows for the ${count(report.alerts)} alerts of ${report.network}, ${report.processing_date}, window ${report.window_days}; judged on day ${report.days} (${report.as_of}).`,
    named(report),
    '',
    table([['integrity', '', ''], ...integrityRows(report)]),
    '',
    table([
      ['part', 'figure', 'from'],
      ...behaviourRows(report),
      ...truthRows(report),
      ...evolutionRows(report),
    ]),
    '',
    finalText(report),
    ...correctedText(report),
    ...(report.notes.length === 0 ? [] : ['', ...report.notes.map((note) => `- ${note}`)]),
  ].join('\n');
}

function named({ model_versions: versions, model_github_urls: urls }: SubmissionReport): string {
  return `Model version ${versions.join(', ') || 'not named'}, source ${urls.join(', ') || 'not named'}.`;
}

function integrityRows({ integrity }: SubmissionReport): string[][] {
  const checks = [
    ['every alert scored', integrity.every_alert_scored, 'alerts without a row'],
    ['scores from 0 to 1', integrity.scores_in_range, 'rows with another score, or none'],
    ['no duplicates', integrity.no_duplicates, 'alerts with several rows'],
    ['version present', integrity.version_present, 'rows without one'],
    ['URL present', integrity.url_present, 'rows without one'],
  ] as const;
  return checks.map(([name, { passed, failures, examples }, words]) => {
    const some = examples.map((id) => `'${id}'`).join(', ');
    return [
      `  ${name}`,
      passed ? 'passed' : 'failed',
      passed ? '' : `${words}: ${count(failures)}${some === '' ? '' : ` (${some})`}`,
    ];
  });
}

function behaviourRows({ behaviour }: SubmissionReport): string[][] {
  if (behaviour === null) return [['behaviour', '–', 'no row could be used']];
  const others = behaviour.submissions - 1;
  const previous = behaviour.alerts_of_previous;
  return [
    ['behaviour', figure(behaviour.score), '0.25 of each:'],
    ['  entropy', figure(behaviour.entropy), 'histogram of ten bins'],
    [
      '  rank agreement',
      figure(behaviour.rank_agreement),
      `median of this and ${count(others)} other submissions`,
    ],
    [
      '  stability',
      figure(behaviour.stability),
      previous === null ? 'no previous date' : `${count(previous)} alerts of the previous date`,
    ],
    ['  address consistency', figure(behaviour.address_consistency), 'addresses with several alerts'],
  ];
}

function truthRows({ ground_truth: truth }: SubmissionReport): string[][] {
  if (truth === null) return [['ground truth', '–', 'not judged yet']];
  return [
    [
      'ground truth (AUC)',
      figure(truth.auc),
      `${count(truth.alerts)} labelled alerts, ${count(truth.positives)} of them high or critical`,
    ],
    ['  coverage', percent(truth.coverage), 'of the submitted alerts'],
    ['  Brier score', figure(truth.brier), 'reported only'],
  ];
}

function evolutionRows({ evolution, days }: SubmissionReport): string[][] {
  if (evolution === null) return [['evolution', '–', days < 30 ? 'not judged yet' : 'no later snapshot']];
  const { classes } = evolution;
  return [
    ['evolution', figure(evolution.score), `0.4 AUC + 0.3 (1 − Brier) + 0.3 in range, to ${evolution.later}`],
    [
      '  coverage',
      percent(evolution.coverage),
      `${count(evolution.alerts)} alerts with features at both dates`,
    ],
    ['  AUC', figure(evolution.auc), ''],
    ['  Brier score', figure(evolution.brier), ''],
    [
      '  in range',
      figure(evolution.in_range),
      `${classes.expanding} expanding, ${classes.benign} benign, ${classes.dormant} dormant, ${classes.other} other`,
    ],
  ];
}

function finalText({ final: { score, ceiling, phase }, days }: SubmissionReport): string {
  switch (phase) {
    case 'failed_integrity':
      return `Final score ${figure(score)}: it fails the integrity check.`;
    case 'flat':
      return `Final score ${figure(score)}: flat, as this is day ${days}.`;
    case 'judged':
      return `Final score ${figure(score)} of at most ${figure(ceiling)} that coverage allows (0.1 behaviour + 0.9 × (0.5 truth × coverage + 0.5 evolution × coverage)).`;
  }
}

function correctedText({ corrected, behaviour }: SubmissionReport): string[] {
  if (corrected === null) return [];
  const interval = (ends: readonly [number, number] | null) =>
    ends === null ? '' : `95 % by address: ${figure(ends[0])} to ${figure(ends[1])}`;
  const { evolution } = corrected;
  return [
    '',
    table([
      ['beside it', 'figure', ''],
      ['AUC over alerts', figure(corrected.auc), interval(corrected.auc_interval)],
      ['AUC, each address once', figure(corrected.auc_by_address), `${count(corrected.addresses)} addresses`],
      [
        'PR-AUC',
        figure(corrected.pr_auc),
        `by chance ${figure(corrected.positive_share)}; ${interval(corrected.pr_auc_interval)}`,
      ],
      ...Object.entries(corrected.precision_at).map(([k, share]) => [`precision at ${k}`, figure(share), '']),
      ['calibration error', figure(corrected.ece), '15 bins; 0 is perfect'],
      ['stability by address', figure(behaviour?.stability_by_address ?? null), ''],
      [
        'evolution, facts only',
        figure(evolution?.score ?? null),
        `AUC ${figure(evolution?.auc ?? null)}, Brier score ${figure(evolution?.brier ?? null)}`,
      ],
      ['final score with that', figure(corrected.final_score), ''],
    ]),
  ];
}
