import type { ReportContent } from './content.ts';
import { type Html, html } from './html/markup.ts';
import { LIMITS_ID, page, type Section } from './html/page.ts';
import { list } from './html/table.ts';
import { leakageSection, splitSection } from './sections/checks.ts';
import { configurationSection } from './sections/configuration.ts';
import { dataSection } from './sections/data.ts';
import { driftSection } from './sections/drift.ts';
import { featuresSection } from './sections/features.ts';
import { headlineSection } from './sections/headline.ts';
import { curvesSection, probabilitiesSection, rankingSection, thresholdSection } from './sections/judging.ts';
import { slicesSection } from './sections/slices.ts';
import { limitsOf } from './wording/limits.ts';
import { periodOf, purposeOf } from './wording/words.ts';

/**
 * A model as one HTML page that needs nothing else: static SVG, no script, nothing fetched. The same content gives the same bytes.
 *
 * Texts of the content come from strangers (names of features, typologies, strategies): all are escaped, and none is evaluated.
 *
 * @example
 * await writeFile('model.html', await renderReport({ metadata, evaluation, drift: null, modelFile: { name: 'model.json' } }));
 */
export async function renderReport(content: ReportContent): Promise<string> {
  const { metadata } = content;
  return page({
    title: `${metadata.model_id}: model report`,
    head: heading(content),
    sections: await sections(content),
    foot: html`<p>Made of the model's metadata and evaluation${content.drift === null ? ' alone' : `, and of the snapshot of ${content.drift.processing_date}`}. ${metadata.model_id}, created ${metadata.created_at}.</p>
`,
  });
}

function heading({ metadata }: ReportContent): Html {
  return html`<h1>${metadata.model_id}</h1>
<p class="lead">A model of ${metadata.network} that ${purposeOf(metadata)}. Version ${metadata.version}, created ${metadata.created_at.replace('T', ' ').replace('.000Z', ' UTC')}.</p>
<p class="lead">Trained by ${metadata.model_trainer} on ${periodOf(metadata)}.</p>
`;
}

async function sections(content: ReportContent): Promise<Section[]> {
  return [
    { id: 'figures', title: 'Figures', body: headlineSection(content) },
    { id: LIMITS_ID, title: 'What the figures do not say', body: list(limitsOf(content)) },
    { id: 'curves', title: 'Telling the classes apart', body: await curvesSection(content) },
    { id: 'probabilities', title: 'Probabilities', body: await probabilitiesSection(content) },
    { id: 'threshold', title: 'Threshold', body: thresholdSection(content) },
    { id: 'ranking', title: 'Top of the list', body: await rankingSection(content) },
    { id: 'features', title: 'Features', body: await featuresSection(content) },
    { id: 'slices', title: 'Parts of the holdout', body: slicesSection(content) },
    { id: 'drift', title: 'Drift', body: await driftSection(content) },
    { id: 'data', title: 'Data and labels', body: dataSection(content) },
    { id: 'split', title: 'Split', body: splitSection(content) },
    { id: 'leakage', title: 'Checks', body: leakageSection(content) },
    { id: 'configuration', title: 'Configuration and files', body: configurationSection(content) },
  ];
}
