import { precisionRecallChart, rocChart } from '../charts/curves.ts';
import { precisionBySnapshotChart } from '../charts/precision-by-snapshot.ts';
import { calibrationChart, distributionChart } from '../charts/probabilities.ts';
import type { ReportContent } from '../content.ts';
import { figure as drawFigure, figures } from '../html/figure.ts';
import { type Html, html, nothing } from '../html/markup.ts';
import { table } from '../html/table.ts';
import { count, counted, figure, interval, NO_FIGURE, percent } from '../wording/numbers.ts';
import { ruleOf, wordsOf } from '../wording/words.ts';

/** How well the model tells the classes apart, at every threshold. */
export async function curvesSection(content: ReportContent): Promise<Html> {
  const { metadata, evaluation } = content;
  const holdout = evaluation?.holdout;
  if (!holdout) return withoutCurves(content);
  return html`${await figures([rocChart(holdout, metadata), precisionRecallChart(holdout, metadata)])}<p class="note">Bands: 95 %, by bootstrap over ${counted(holdout.groups, 'group of rows', 'groups of rows')}, point by point.</p>
`;
}

/** Whether probabilities come true, and where each class is scored. */
export async function probabilitiesSection(content: ReportContent): Promise<Html> {
  const { metadata, evaluation } = content;
  const holdout = evaluation?.holdout;
  const method = metadata.calibration?.method;
  const sentence =
    method === undefined || method === 'none'
      ? 'Scores are not calibrated.'
      : `Scores are calibrated by ${method === 'platt' ? 'Platt scaling' : 'isotonic regression'}, fitted on the folds of the training part.`;
  return html`<p>${sentence}</p>
${holdout ? await figures([calibrationChart(holdout, metadata), distributionChart(holdout, metadata)]) : withoutCurves(content)}${brierTable(metadata)}`;
}

function withoutCurves({ metadata, evaluation }: ReportContent): Html {
  if (evaluation === null)
    return html`<p>The model was saved without its curves.</p>
`;
  return metadata.model_type === 'alert_ranker'
    ? html`<p>A ranker is judged by its order within a snapshot: it has no probabilities to draw.</p>
`
    : html`<p>Nothing judged the model: there are no curves.</p>
`;
}

function brierTable({ calibration }: ReportContent['metadata']): Html {
  const brier = Object.entries(calibration?.brier ?? {});
  if (brier.length === 0) return nothing;
  return table({
    caption: 'Brier score by calibration, on folds of the training part',
    showCaption: true,
    columns: [{ title: 'calibration' }, { title: 'Brier', kind: 'number' }],
    rows: brier.map(([name, value]) => [
      name === calibration?.method ? html`<b>${name}</b> (chosen)` : name,
      figure(value),
    ]),
  });
}

/** From where on the model flags, and what that gives. */
export function thresholdSection({ metadata }: ReportContent): Html {
  const { threshold, metrics } = metadata;
  const { subject } = wordsOf(metadata);
  if (!threshold)
    return html`<p>No threshold was chosen${metadata.model_type === 'alert_ranker' ? ': a ranker orders, it does not flag' : ''}.</p>
`;
  const rule = ruleOf(threshold.rule);
  if (threshold.threshold === null) {
    return html`<p>Asked for: ${rule}. No threshold does that: ${threshold.reason ?? 'no reason is given'}.</p>
`;
  }
  const chosen = metrics.test_at_threshold;
  return html`<p>A score of <b>${figure(threshold.threshold)}</b> or more flags. Asked for: ${rule}; chosen on the folds of the training part, then judged on the holdout${chosen ? `, where it flags ${count(chosen.flagged)} ${subject}` : ''}.</p>
${table({
  caption: 'At the chosen threshold',
  columns: [
    { title: '' },
    { title: 'precision', kind: 'number' },
    { title: 'recall', kind: 'number' },
    { title: 'F1', kind: 'number' },
  ],
  rows: [
    ['on the folds', figure(threshold.precision), figure(threshold.recall), figure(threshold.f1)],
    ...(chosen
      ? [
          [
            'on the holdout',
            chosen.flagged === 0 ? NO_FIGURE : figure(chosen.precision),
            figure(chosen.recall),
            figure(chosen.f1),
          ],
        ]
      : []),
  ],
})}${
  threshold.flagged_per_day === undefined
    ? nothing
    : html`<p>On the folds it flags ${figure(threshold.flagged_per_day)} ${subject} of a snapshot.</p>
`
}`;
}

/** What stands on top of each snapshot's list. */
export async function rankingSection({ metadata }: ReportContent): Promise<Html> {
  const ranking = metadata.metrics.test_ranking;
  if (!ranking)
    return html`<p>There is no ranking to judge.</p>
`;
  const chart = precisionBySnapshotChart(ranking);
  const ks = Object.keys(ranking.precision_at_k);
  return html`<p>${counted(ranking.queries, 'snapshot')} of the holdout, ${count(ranking.queries_without_positives)} of them with nothing to find.</p>
<div class="figures">${chart ? await drawFigure(chart) : nothing}<div>${meansTable(ranking)}</div></div>
<details><summary>Every snapshot</summary>
${table({
  caption: 'Precision of the first k, snapshot by snapshot',
  columns: [
    { title: 'snapshot' },
    { title: 'rows', kind: 'number' },
    { title: 'suspicious', kind: 'number' },
    ...ks.map((k) => ({ title: `first ${k}`, kind: 'number' as const })),
  ],
  rows: ranking.per_snapshot.map(({ processing_date: date, rows, positives, precision_at_k: precision }) => {
    const values = new Map(Object.entries(precision));
    return [
      date,
      count(rows),
      `${count(positives)} (${percent(rows > 0 ? positives / rows : null)})`,
      ...ks.map((k) => figure(values.get(k))),
    ];
  }),
})}</details>
`;
}

function meansTable({ ndcg, precision_at_k: precision, recall_at_k: recall, intervals }: Ranking): Html {
  const rows = (
    name: string,
    values: Readonly<Record<string, number>>,
    bounds?: Readonly<Record<string, [number, number]>>,
  ) => {
    const of = new Map(Object.entries(bounds ?? {}));
    return Object.entries(values).map(([k, value]) => [`${name}@${k}`, figure(value), interval(of.get(k))]);
  };
  return table({
    caption: 'Means over the snapshots with something to find',
    showCaption: true,
    columns: [
      { title: 'figure' },
      { title: 'mean', kind: 'number' },
      { title: '95 % interval', kind: 'number' },
    ],
    rows: [
      ...rows('precision', precision, intervals?.precision_at_k),
      ...rows('recall', recall, intervals?.recall_at_k),
      ...rows('NDCG', ndcg, intervals?.ndcg),
    ],
  });
}

type Ranking = NonNullable<ReportContent['metadata']['metrics']['test_ranking']>;
