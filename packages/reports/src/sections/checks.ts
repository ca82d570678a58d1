import type { ReportContent } from '../content.ts';
import { type Html, html, nothing } from '../html/markup.ts';
import { facts, table } from '../html/table.ts';
import { amount, count, counted, figure, interval, percent } from '../wording/numbers.ts';
import { wordsOf } from '../wording/words.ts';

/** How the holdout was set aside, and what that guarantees. */
export function splitSection({ metadata }: ReportContent): Html {
  const { split, leakage_check: leakage } = metadata;
  const { groups } = wordsOf(metadata);
  const both = leakage.groups_on_both_sides;
  return facts([
    ['Method', split.method],
    ['Guarantee', split.guarantee],
    ...(split.group_by === undefined ? [] : ([['Kept together', `rows of one ${split.group_by}`]] as const)),
    ['Holdout', `${percent(split.test_fraction)} of what is labelled, as was asked for`],
    ['Folds', `${split.cv_folds}, of the training part`],
    ...(both
      ? ([
          ['On both sides', `${count(both.groups)} ${groups} (${percent(both.share)} of the holdout's)`],
        ] as const)
      : []),
    ...(typeof split.shared_window_share === 'number'
      ? ([['Days in windows of both sides', percent(split.shared_window_share)]] as const)
      : []),
  ]);
}

/** What was looked for that would make figures too good. */
export function leakageSection({ metadata }: ReportContent): Html {
  const { leakage_check: check, onnx_parity: parity } = metadata;
  const findings = check.findings ?? [];
  return html`${facts([
    [
      'Leakage check',
      check.passed ? 'passed' : html`<span class="warn">found something, and was allowed to go on</span>`,
    ],
    [
      'Single features',
      check.features === 'checked'
        ? `checked; the strongest is ${check.strongest_feature ?? 'none'} with an AUC of ${figure(check.strongest_feature_auc)}`
        : `not checked: ${check.features}`,
    ],
    ['Permutation test', permutation(metadata)],
    [
      'ONNX form',
      `says what the native model says on ${counted(parity.rows, 'row')}: probabilities differ by ${amount(parity.max_probability_difference)} at most`,
    ],
  ])}${
    findings.length === 0
      ? nothing
      : table({
          caption: 'What the leakage check found',
          showCaption: true,
          columns: [{ title: 'check' }, { title: 'found', kind: 'long' }, { title: 'to do', kind: 'long' }],
          rows: findings.map(({ check: name, found, remedy }) => [name, found, remedy]),
        })
  }`;
}

function permutation(metadata: ReportContent['metadata']): string {
  const test = metadata.leakage_check.permutation_test;
  if (!test) return 'not asked for';
  if ('skipped' in test) return `not made: ${test.skipped}`;
  const { groups } = wordsOf(metadata);
  const outcome =
    test.interval[0] > 0.5 ? `it recognises ${groups} that it learned from` : 'chance, as it should be';
  return `a model of shuffled labels has an AUC of ${figure(test.auc)} (${percent(test.level)} interval ${interval(test.interval)}): ${outcome}`;
}
