import { featureWeights } from './charts/features.ts';
import type { ReportContent } from './content.ts';
import { readPsi } from './wording/drift-reading.ts';
import { headlines } from './wording/headline.ts';
import { limitsOf } from './wording/limits.ts';
import { codeSpan, markdownTable, escapeMarkdown as md } from './wording/markdown.ts';
import { count, counted, figure, interval, percent } from './wording/numbers.ts';
import { isJudged, judgedBy, kindName, periodOf, purposeOf, ruleOf, wordsOf } from './wording/words.ts';

const FEATURES = 10;
const SLICES = 20;

/**
 * A model as a card in Markdown: what it is for, how well it does, what its figures do not say, and what it was made of. The same content gives
 * the same text; texts of others are escaped.
 *
 * @example
 * await writeFile('model.card.md', renderModelCard({ metadata, evaluation: null, drift: null, modelFile: { name: 'model.json' } }));
 */
export function renderModelCard(content: ReportContent): string {
  const parts = [
    [`# ${codeSpan(content.metadata.model_id)}`, purpose(content)],
    ['## Figures', figuresOf(content)],
    [
      '## What the figures do not say',
      limitsOf(content)
        .map((limit) => `- ${md(limit)}`)
        .join('\n'),
    ],
    ['## Use', use(content)],
    ['## Parts of the holdout', slices(content)],
    ['## Features', features(content)],
    ['## Data and labels', data(content)],
    ['## Drift', drift(content)],
    ['## Making it again', configuration(content)],
  ];
  return `${parts.map(([title, body]) => `${title}\n\n${body}\n`).join('\n')}`;
}

function purpose({ metadata }: ReportContent): string {
  return md(
    `A model of ${metadata.network} that ${purposeOf(metadata)}. Version ${metadata.version}, created ${metadata.created_at}, trained by ${metadata.model_trainer} on ${periodOf(metadata)}.`,
  );
}

function figuresOf({ metadata }: ReportContent): string {
  if (!isJudged(metadata)) return md(judgedBy(metadata));
  const { data_stats: stats, split } = metadata;
  const { subject, groups } = wordsOf(metadata);
  return [
    md(
      `Judged on ${count(stats.num_holdout)} ${subject} of ${count(stats.num_holdout_addresses)} ${groups}: ${split.guarantee}. ${judgedBy(metadata)}`,
    ),
    '',
    markdownTable(
      ['figure', 'value', '95 % interval', 'what it says'],
      headlines(metadata).map(({ name, value, interval: bounds, meaning }) => [
        md(name),
        figure(value),
        interval(bounds),
        md(meaning),
      ]),
      [1, 2],
    ),
  ].join('\n');
}

function use({ metadata }: ReportContent): string {
  const { threshold } = metadata;
  if (metadata.model_type === 'alert_ranker')
    return 'Its scores order the alerts of one snapshot: look at the highest first.';
  if (!threshold) return 'No threshold was chosen.';
  if (threshold.threshold === null) {
    return md(
      `Asked for: ${ruleOf(threshold.rule)}. No threshold does that: ${threshold.reason ?? 'no reason is given'}.`,
    );
  }
  return md(
    `A score of ${figure(threshold.threshold)} or more flags. Asked for: ${ruleOf(threshold.rule)}; chosen on the folds of the training part.`,
  );
}

function slices({ metadata }: ReportContent): string {
  const typologies = metadata.metrics.test_slices?.typology ?? [];
  if (typologies.length === 0) return 'No parts of the holdout were judged by themselves.';
  const more = typologies.length > SLICES ? `\n\nAnd ${count(typologies.length - SLICES)} more.` : '';
  return `${markdownTable(
    ['typology', 'rows', 'suspicious', 'AUC', 'PR-AUC'],
    typologies
      .slice(0, SLICES)
      .map((slice) => [
        codeSpan(slice.name),
        count(slice.rows),
        count(slice.positives),
        figure(slice.auc),
        figure(slice.pr_auc),
      ]),
    [1, 2, 3, 4],
  )}${more}`;
}

function features({ metadata }: ReportContent): string {
  const weights = featureWeights(metadata).slice(0, FEATURES);
  if (weights.length === 0) return 'The model says nothing of what its features do for it.';
  const meanings = new Map(metadata.feature_columns?.map(({ name, meaning }) => [name, meaning]));
  return [
    `The strongest of ${counted(metadata.feature_names.length, 'feature')}:`,
    '',
    markdownTable(
      ['feature', 'mean abs. SHAP', 'share of gain', 'what it is'],
      weights.map(({ name, shap, gainShare }) => [
        codeSpan(name),
        figure(shap),
        percent(gainShare),
        md(meanings.get(name) ?? ''),
      ]),
      [1, 2],
    ),
  ].join('\n');
}

function data({ metadata }: ReportContent): string {
  const { data_stats: stats, labels, data_fingerprint: tables, label_strategy: strategy } = metadata;
  const { subject } = wordsOf(metadata);
  const kinds = Object.entries(labels?.taught.kinds ?? {}).map(
    ([kind, rows]) => `${count(rows ?? 0)} ${kindName(kind)}`,
  );
  return [
    md(
      `${counted(stats.num_alerts, 'alert')} in ${counted(stats.num_snapshots, 'snapshot')}; ${count(stats.num_samples)} labelled ${subject}, ${percent(stats.positive_rate)} of them suspicious. Labels by '${strategy}'${kinds.length > 0 ? `; taught: ${kinds.join(', ')}` : ''}.`,
    ),
    '',
    markdownTable(
      ['table', 'rows', 'fingerprint'],
      Object.entries(tables).map(([name, { rows, hash }]) => [codeSpan(name), count(rows), codeSpan(hash)]),
      [1],
    ),
    ...(labels?.data_sets ?? []).map(
      ({ name, rows, hash }) => `\nData set ${codeSpan(name)}: ${counted(rows, 'row')}, ${codeSpan(hash)}`,
    ),
  ].join('\n');
}

function drift({ drift: of, withoutDrift = 'no snapshot was compared' }: ReportContent): string {
  if (of === null) return md(`There is no drift to show: ${withoutDrift}.`);
  const shifted = of.features.filter((feature) => readPsi(feature) === 'shifted');
  const names = shifted.slice(0, FEATURES).map(({ name, psi }) => `${codeSpan(name)} (${figure(psi)})`);
  return [
    md(
      `Training period against the snapshot of ${of.processing_date}: the scores' PSI is ${figure(of.scores.psi)} (${readPsi(of.scores)}); ${count(shifted.length)} of ${counted(of.features.length, 'feature')} have shifted (PSI above 0.25).`,
    ),
    ...(names.length > 0 ? [`Shifted most: ${names.join(', ')}.`] : []),
  ].join('\n');
}

function configuration({ metadata, modelFile }: ReportContent): string {
  const facts: [string, string][] = [
    ['metadata', modelFile.name],
    ...(modelFile.sha256 === undefined ? [] : ([['its sha256', modelFile.sha256]] as [string, string][])),
    ['seed', `${metadata.seed}`],
    ['feature schema', metadata.feature_schema_hash],
    ['git commit', metadata.git_commit ?? 'not known'],
    ...Object.entries(metadata.files).map(([name, { sha256 }]): [string, string] => [
      name,
      `sha256 ${sha256}`,
    ]),
  ];
  return [
    ...facts.map(([name, value]) => `- ${md(name)}: ${codeSpan(value)}`),
    '',
    'All settings, versions and figures stand in the metadata.',
  ].join('\n');
}
