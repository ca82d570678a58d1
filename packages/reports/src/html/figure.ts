import type { Chart } from '../charts/chart.ts';
import { drawChart } from '../charts/draw-chart.ts';
import { type Html, html, nothing } from './markup.ts';

/** A chart with its heading, key and what it shows in words. */
export async function figure(chart: Chart): Promise<Html> {
  const { title, note, keys } = chart;
  return html`<figure><figcaption><strong>${title}</strong>${
    keys.length === 0
      ? nothing
      : html`<ul class="keys">${keys.map(({ look, text }) => html`<li><i class="key ${look}"></i>${text}</li>`)}</ul>`
  }</figcaption>
${await drawChart(chart)}
<p class="note">${note ?? nothing}</p></figure>
`;
}

/** Charts side by side, or one below the other where there is no room. */
export async function figures(charts: readonly Chart[]): Promise<Html> {
  if (charts.length === 0) return nothing;
  const drawn: Html[] = [];
  // One after the other: the library counts the ids of what it draws.
  for (const chart of charts) drawn.push(await figure(chart));
  return html`<div class="figures">${drawn}</div>
`;
}
