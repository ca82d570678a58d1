import { Html, html } from '../html/markup.ts';
import type { Chart } from './chart.ts';
import { PADDING, THEME, WIDTH } from './theme.ts';

/** Whatever a chart's data says, nothing is fetched. */
const NO_LOADER = {
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
};

async function refuse(): Promise<never> {
  throw new Error('a report loads nothing');
}

/**
 * Draws a chart as an SVG element that names itself and grows with the room it has. The library comes with the first chart, so that
 * what draws none does not wait for it.
 */
export async function drawChart({
  id,
  title,
  description,
  height,
  layers,
  left = PADDING.left,
}: Chart): Promise<Html> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile({
    width: WIDTH - left - PADDING.right,
    height,
    padding: { ...PADDING, left },
    autosize: { type: 'none' },
    background: 'transparent',
    config: THEME,
    layer: layers,
  } as unknown as Parameters<typeof compile>[0]);
  const view = new vega.View(vega.parse(spec), { renderer: 'none', loader: NO_LOADER, logLevel: vega.Error });
  try {
    const svg = await view.toSVG();
    const total = height + PADDING.top + PADDING.bottom;
    const inner = svg.slice(svg.indexOf('>') + 1);
    return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>${new Html(inner)}`;
  } finally {
    view.finalize();
  }
}
