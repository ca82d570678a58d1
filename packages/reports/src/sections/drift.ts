import { featureDriftChart, scoreDriftChart } from '../charts/drift.ts';
import type { RealisedAuc, ReportContent, SnapshotDrift } from '../content.ts';
import { figures } from '../html/figure.ts';
import { type Html, html, nothing } from '../html/markup.ts';
import { facts, table } from '../html/table.ts';
import { readPsi } from '../wording/drift-reading.ts';
import { count, figure, interval, percent } from '../wording/numbers.ts';
import { wordsOf } from '../wording/words.ts';

const SHOWN = 20;

/** How the latest snapshot differs from what the model was made on. */
export async function driftSection(content: ReportContent): Promise<Html> {
  const { drift, metadata, withoutDrift = 'no snapshot was compared' } = content;
  if (drift === null)
    return html`<p>There is no drift to show: ${withoutDrift}.</p>
`;
  const { subject } = wordsOf(metadata);
  const within = drift.processing_date <= metadata.training_period.end_date;
  const charts = [featureDriftChart(drift), scoreDriftChart(drift)].filter((chart) => chart !== null);
  return html`${
    within
      ? html`<p class="warn">The snapshot of ${drift.processing_date} lies within the training period: there is no later one.</p>
`
      : nothing
  }<p>The training period against the snapshot of ${drift.processing_date} (${count(drift.rows)} ${subject}), by the population stability index (PSI). The usual reading: below 0.1 stable, 0.1 to 0.25 some shift, above 0.25 shifted (N. Siddiqi, Credit Risk Scorecards, 2006).${
    drift.scores.psi_by_chance === undefined
      ? ' A small snapshot has a PSI above 0 by chance alone.'
      : ' Where chance explains it, or it is no more than what four of five snapshots of the training period stay within against its others (usual), it is no shift.'
  }</p>
${facts([
  ['Scores', `PSI ${figure(drift.scores.psi)}: ${readPsi(drift.scores)}`],
  ['Features', `${count(shifted(drift))} of ${count(drift.features.length)} have shifted`],
  ...labels(drift),
])}${await figures(charts)}${featureTable(drift)}`;
}

function shifted({ features }: SnapshotDrift): number {
  return features.filter((feature) => readPsi(feature) === 'shifted').length;
}

function labels({ labels: of }: SnapshotDrift): [string, string][] {
  if (of === null) return [['Labels', 'none were read']];
  return [
    [
      'Labels',
      `${count(of.labelled)} labelled, ${percent(of.positive_rate)} of them suspicious (training period: ${percent(of.reference_positive_rate)})`,
    ],
    [
      'AUC that came true',
      `${
        of.unseen === null
          ? 'which rows the model cannot have learned from is not known'
          : `${realised(of.unseen)} on ${count(of.unseen.rows)} rows that the model cannot have learned from`
      }; ${realised(of.all)} on all ${count(of.all.rows)}`,
    ],
  ];
}

function realised({ auc, auc_interval: bounds }: RealisedAuc): string {
  return auc === null ? 'not known' : `${figure(auc)} (95 %: ${interval(bounds)})`;
}

function featureTable({ features }: SnapshotDrift): Html {
  if (features.length === 0) return nothing;
  const shown = features.slice(0, SHOWN);
  return html`<details><summary>The ${shown.length} features that moved most</summary>
${table({
  caption: 'Features that moved most',
  columns: [
    { title: 'feature', kind: 'code' },
    { title: 'PSI', kind: 'number' },
    { title: 'by chance, up to', kind: 'number' },
    { title: 'usual, up to', kind: 'number' },
    { title: 'reading' },
    { title: 'missing', kind: 'number' },
    { title: 'missing in training', kind: 'number' },
  ],
  rows: shown.map((feature) => [
    feature.name,
    figure(feature.psi),
    figure(feature.psi_by_chance),
    figure(feature.psi_in_training),
    readPsi(feature),
    percent(feature.missing),
    percent(feature.reference_missing),
  ]),
})}</details>
`;
}
