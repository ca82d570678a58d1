import type { ReportContent } from '../content.ts';
import { type Html, html, nothing } from '../html/markup.ts';
import { table } from '../html/table.ts';
import { headlines, mainHeadlines } from '../wording/headline.ts';
import { count, counted, figure, interval, percent } from '../wording/numbers.ts';
import { isJudged, judgedBy, wordsOf } from '../wording/words.ts';

/** How well the model does, each figure with its interval. */
export function headlineSection({ metadata }: ReportContent): Html {
  if (!isJudged(metadata))
    return html`<p>${judgedBy(metadata)}</p>
`;
  const { metrics, data_stats: stats } = metadata;
  const { subject, groups } = wordsOf(metadata);
  const bootstrap = metrics.test_bootstrap;
  return html`<p>Judged on ${count(stats.num_holdout)} ${subject} of ${count(stats.num_holdout_addresses)} ${groups}${
    metrics.test_positive_rate === null
      ? nothing
      : html`, ${percent(metrics.test_positive_rate)} of them suspicious`
  }. ${judgedBy(metadata)}</p>
<div class="tiles">${mainHeadlines(metadata).map(
    ({ name, value, interval: bounds }) =>
      html`<div class="tile"><span>${name}</span><b>${figure(value)}</b><span>${bounds ? `95 %: ${interval(bounds)}` : 'no interval'}</span></div>
`,
  )}</div>
${table({
  caption: 'Figures of the holdout',
  columns: [
    { title: 'figure' },
    { title: 'value', kind: 'number' },
    { title: '95 % interval', kind: 'number' },
    { title: 'what it says', kind: 'long' },
  ],
  rows: headlines(metadata).map(({ name, value, interval: bounds, meaning }) => [
    name,
    figure(value),
    interval(bounds),
    meaning,
  ]),
})}${
  bootstrap
    ? html`<p class="note">Intervals: bootstrap over ${counted(bootstrap.groups, 'group of rows', 'groups of rows')} (${groups}), ${count(bootstrap.resamples)} resamples.</p>
`
    : nothing
}${crossValidation(metadata)}${weighted(metadata)}${ownLabels(metadata)}`;
}

function crossValidation({ metrics }: ReportContent['metadata']): Html {
  const ndcg = metrics.cv_ndcg_at_10;
  if (ndcg) return folds('NDCG@10', ndcg);
  return folds('AUC', { mean: metrics.cv_auc_mean, std: metrics.cv_auc_std, scores: metrics.cv_scores });
}

function folds(
  name: string,
  {
    mean,
    std,
    scores,
  }: { readonly mean: number | null; readonly std: number | null; readonly scores: readonly number[] },
): Html {
  if (mean === null) return nothing;
  return html`<p>Cross-validation on the training part: ${name} ${figure(mean)} ± ${figure(std)} over ${counted(scores.length, 'fold')} (${scores.map(figure).join(', ')}).</p>
`;
}

function weighted({ metrics: { test_weighted: values } }: ReportContent['metadata']): Html {
  if (!values) return nothing;
  const shown = Object.entries(values).map(([name, value]) => `${name} ${figure(value)}`);
  return html`<p>Each row by the weight of its label: ${shown.join(', ')}.</p>
`;
}

function ownLabels({ labels }: ReportContent['metadata']): Html {
  const own = labels?.own_label_metrics;
  if (!own) return nothing;
  return html`<p>By the labels that it was taught, on ${count(own.rows)} rows of the same groups: AUC ${figure(own.auc)}, PR-AUC ${figure(own.pr_auc)}, Brier ${figure(own.brier)}. Where that is far better, the model learned the rule behind those labels.</p>
`;
}
