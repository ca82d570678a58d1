import type { ReportContent } from '../content.ts';
import { type Html, html, nothing } from '../html/markup.ts';
import { facts, table } from '../html/table.ts';
import { count, percent } from '../wording/numbers.ts';
import { judgedBy, kindName, periodOf, wordsOf } from '../wording/words.ts';

type Metadata = ReportContent['metadata'];

/** What the model was made of: rows, labels and where they come from. */
export function dataSection({ metadata, evaluation }: ReportContent): Html {
  const { data_stats: stats } = metadata;
  const { subject, groups } = wordsOf(metadata);
  return html`${facts([
    ['Period', periodOf(metadata)],
    ['Snapshots', count(stats.num_snapshots)],
    [
      'Alerts',
      `${count(stats.num_alerts)}, ${percent(stats.feature_coverage)} of them with features of their address`,
    ],
    [groups === 'addresses' ? 'Addresses' : 'Groups of clusters', count(stats.num_addresses)],
    [
      `Labelled ${subject}`,
      `${count(stats.num_samples)}, ${percent(stats.positive_rate)} of them suspicious`,
    ],
    ['Learned from', `${count(stats.num_train)}, and ${count(stats.num_validation)} to stop early on`],
    ['Holdout', `${count(stats.num_holdout)} of ${count(stats.num_holdout_addresses)} ${groups}`],
  ])}<h3>Labels</h3>
${labels(metadata)}${bySnapshot(evaluation)}<h3>Tables</h3>
${fingerprints(metadata)}`;
}

function labels(metadata: Metadata): Html {
  const { labels: summary, data_stats: stats, label_strategy: strategy } = metadata;
  const kinds = (of: Readonly<Record<string, number | undefined>>) =>
    Object.entries(of)
      .map(([kind, rows]) => `${count(rows ?? 0)} ${kindName(kind)}`)
      .join(', ') || 'none';
  const sources = Object.entries(stats.label_sources);
  return html`${facts([
    ['Strategy', strategy],
    ['Settings', shownSettings(metadata.label_strategy_settings)],
    ...(summary
      ? ([
          ['Given', kinds(summary.kinds)],
          [
            'Taught',
            `${kinds(summary.taught.kinds)}; ${count(summary.taught.positives)} of ${count(summary.taught.rows)} suspicious`,
          ],
        ] as const)
      : []),
    ['Judged by', judgedBy(metadata)],
    ...(summary?.judged_by && !summary.judged_by.own
      ? ([['Settings of the judge', shownSettings(summary.judged_by.settings)]] as const)
      : []),
  ])}${
    sources.length === 0
      ? nothing
      : table({
          caption: 'Labelled rows by the source of their label',
          showCaption: true,
          columns: [{ title: 'source' }, { title: 'rows', kind: 'number' }],
          rows: sources.map(([name, rows]) => [name, count(rows)]),
        })
  }${dataSets(metadata)}`;
}

function dataSets({ labels: summary }: Metadata): Html {
  const sets = summary?.data_sets ?? [];
  if (sets.length === 0) return nothing;
  return table({
    caption: 'Imported data sets that labels came from',
    showCaption: true,
    columns: [
      { title: 'data set' },
      { title: 'rows', kind: 'number' },
      { title: 'source' },
      { title: 'hash', kind: 'hash' },
    ],
    rows: sets.map(({ name, rows, source, hash }) => [name, count(rows), source, hash]),
  });
}

/** How many labels each snapshot of the period has. */
function bySnapshot(evaluation: ReportContent['evaluation']): Html {
  const snapshots = evaluation?.reference.snapshots ?? [];
  if (snapshots.length === 0) return nothing;
  return html`<details><summary>Labels by snapshot</summary>
${table({
  caption: 'Labels by snapshot',
  columns: [
    { title: 'snapshot' },
    { title: 'rows', kind: 'number' },
    { title: 'labelled', kind: 'number' },
    { title: 'suspicious', kind: 'number' },
  ],
  rows: snapshots.map(({ processing_date: date, rows, labelled, positives }) => [
    date,
    count(rows),
    count(labelled),
    `${count(positives)} (${percent(labelled > 0 ? positives / labelled : null)})`,
  ]),
})}</details>
`;
}

function fingerprints({ data_fingerprint: period, history_fingerprint: history }: Metadata): Html {
  const rows = [
    ...Object.entries(period).map(([name, of]) => [name, 'of the period', count(of.rows), of.hash]),
    ...Object.entries(history ?? {})
      .filter(([, of]) => of.rows > 0)
      .map(([name, of]) => [name, 'before the period', count(of.rows), of.hash]),
  ];
  return table({
    caption: 'Rows that were read, and the fingerprint of their content',
    showCaption: true,
    columns: [
      { title: 'table', kind: 'code' },
      { title: 'rows' },
      { title: 'count', kind: 'number' },
      { title: 'fingerprint', kind: 'code' },
    ],
    rows,
  });
}

/** Settings as `key: value`. */
export function shownSettings(settings: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(settings);
  if (entries.length === 0) return 'none';
  return entries
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
}
