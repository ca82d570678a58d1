import { type FeatureWeight, featureChart, featureWeights } from '../charts/features.ts';
import type { ReportContent } from '../content.ts';
import { figure as drawFigure } from '../html/figure.ts';
import { type Html, html, nothing } from '../html/markup.ts';
import { table } from '../html/table.ts';
import { count, counted, figure, NO_FIGURE, percent } from '../wording/numbers.ts';

const SHOWN_WEIGHTS = 12;
const SHOWN_MEANINGS = 30;

/** What the model goes by. */
export async function featuresSection({ metadata }: ReportContent): Promise<Html> {
  const weights = featureWeights(metadata);
  const chart = featureChart(weights);
  if (chart === null)
    return html`<p>The model says nothing of what its features do for it.</p>
`;
  const { shap_summary: shap } = metadata;
  return html`<p>${
    shap
      ? `Mean |SHAP|: by how much a feature moves the raw score of ${count(shap.rows)} rows of the holdout, on average; higher values: whether they raise or lower it, by Spearman's ρ of values and contributions. Gain: by how much its splits improved the fit while training.`
      : 'Gain: by how much the splits of a feature improved the fit while training. The model gives no SHAP values.'
  }</p>
<div class="figures">${await drawFigure(chart)}<div>${weightTable(metadata, weights)}</div></div>
${meaningTable(metadata, weights)}${idle(metadata)}`;
}

function weightTable(metadata: ReportContent['metadata'], weights: readonly FeatureWeight[]): Html {
  const shown = weights.slice(0, SHOWN_WEIGHTS);
  const splits = new Map(Object.entries(metadata.feature_splits ?? {}));
  const directions = new Map(Object.entries(metadata.shap_summary?.direction ?? {}));
  return table({
    caption: `The ${shown.length} strongest of ${counted(metadata.feature_names.length, 'feature')}`,
    showCaption: true,
    columns: [
      { title: 'feature', kind: 'code' },
      { title: 'mean |SHAP|', kind: 'number' },
      { title: 'higher values' },
      { title: 'gain', kind: 'number' },
      { title: 'splits', kind: 'number' },
    ],
    rows: shown.map(({ name, shap, gainShare }) => {
      const uses = splits.get(name);
      return [
        name,
        shap === null ? NO_FIGURE : figure(shap),
        push(directions.get(name)),
        percent(gainShare),
        uses === undefined ? NO_FIGURE : count(uses),
      ];
    }),
  });
}

/** Below it a feature raises some scores and lowers others. */
const CLEAR_DIRECTION = 0.5;

function push(rho: number | null | undefined): string {
  if (rho === null || rho === undefined) return NO_FIGURE;
  const way = Math.abs(rho) < CLEAR_DIRECTION ? 'both ways' : rho > 0 ? 'raise' : 'lower';
  return `${way} (${figure(rho)})`;
}

function meaningTable(metadata: ReportContent['metadata'], weights: readonly FeatureWeight[]): Html {
  const columns = new Map(metadata.feature_columns?.map((column) => [column.name, column]));
  const shown = weights.slice(0, SHOWN_MEANINGS);
  return html`<details><summary>What these features are</summary>
${table({
  caption: `What the ${shown.length} strongest features are`,
  columns: [
    { title: 'feature', kind: 'code' },
    { title: 'group' },
    { title: 'unit' },
    { title: 'what it is', kind: 'long' },
    { title: 'missing', kind: 'long' },
  ],
  rows: shown.map(({ name }) => {
    const column = columns.get(name);
    return [name, column?.group ?? '', column?.unit ?? '', column?.meaning ?? '', column?.missing ?? ''];
  }),
})}</details>
`;
}

/** Features that taught the model nothing. */
function idle({ feature_report: report, feature_plan: plan }: ReportContent['metadata']): Html {
  const { constant = [], duplicates = [] } = report ?? {};
  const { excluded = [] } = plan;
  return html`${sentence('Never vary', constant)}${sentence(
    'Say what another one says',
    duplicates.map(({ name, of }) => `${name} = ${of}`),
  )}${sentence('Left out, as they show what labels are made of', excluded)}`;
}

const NAMES = 40;

function sentence(what: string, names: readonly string[]): Html {
  if (names.length === 0) return nothing;
  const more = names.length > NAMES ? `, and ${count(names.length - NAMES)} more` : '';
  return html`<p class="note">${what} (${count(names.length)}): ${names.slice(0, NAMES).join(', ')}${more}.</p>
`;
}
