import type { ReportContent } from '../content.ts';
import { type Html, html, nothing } from '../html/markup.ts';
import { table } from '../html/table.ts';
import { count, figure, percent } from '../wording/numbers.ts';

type Slices = NonNullable<ReportContent['metadata']['metrics']['test_slices']>;
type Slice = Slices['typology'][number];

const SHOWN = 40;

/** How the model does on parts of the holdout. */
export function slicesSection({ metadata }: ReportContent): Html {
  const slices = metadata.metrics.test_slices;
  if (!slices)
    return html`<p>No parts of the holdout were judged by themselves.</p>
`;
  return html`<p>Small parts say little: look at their rows and groups first. Where a part has one class only, there is no AUC.</p>
${sliceTable('By typology', slices.typology, 'typology')}${sliceTable('By source of the label', slices.label_source, 'source')}${
  slices.snapshot.length === 0
    ? nothing
    : html`<details><summary>By snapshot</summary>
${sliceTable('By snapshot', slices.snapshot, 'snapshot')}</details>
`
}`;
}

function sliceTable(caption: string, slices: readonly Slice[], first: string): Html {
  if (slices.length === 0) return nothing;
  const numbers = ['rows', 'groups', 'suspicious', 'AUC', 'PR-AUC', 'precision', 'recall', 'Brier', 'ECE'];
  return html`${table({
    caption,
    showCaption: true,
    columns: [{ title: first }, ...numbers.map((title) => ({ title, kind: 'number' as const }))],
    rows: slices
      .slice(0, SHOWN)
      .map((slice) => [
        slice.name,
        count(slice.rows),
        count(slice.groups),
        `${count(slice.positives)} (${percent(slice.rows > 0 ? slice.positives / slice.rows : null)})`,
        figure(slice.auc),
        figure(slice.pr_auc),
        figure(slice.precision),
        figure(slice.recall),
        figure(slice.brier),
        figure(slice.ece),
      ]),
  })}${
    slices.length > SHOWN
      ? html`<p class="note">And ${count(slices.length - SHOWN)} more; the model's metadata has them all.</p>
`
      : nothing
  }`;
}
