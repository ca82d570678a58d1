import { describe, expect, it } from 'vitest';
import { renderReport } from './render-report.ts';
import { HOSTILE } from './testing/hostile.ts';
import {
  clusterContent,
  oldContent,
  rankerContent,
  sampleContent,
  unjudgedContent,
  withTexts,
} from './testing/sample-content.ts';

/** The text of a page, without markup. */
const textOf = (page: string) =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const sectionOf = (page: string, id: string) =>
  page.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? '';

const everyKind = {
  scorer: sampleContent(),
  ranker: rankerContent(),
  clusters: clusterContent(),
  unjudged: unjudgedContent(),
  old: oldContent(),
};

describe('a report', () => {
  it('shows the figures with their intervals, and every part of the model', async () => {
    const page = await renderReport(sampleContent());
    const text = textOf(page);
    for (const shown of [
      '0.942 95 %: 0.895 to 0.979',
      'Judged on 2,000 alerts of 310 addresses, 16.1 % of them suspicious',
      'counterparty_behavioral_anomaly_score',
      'degree.in[0]',
      'fan_in',
      'community@2025-01',
      '5123908081299463542',
      'f'.repeat(64),
      'b'.repeat(64),
      'a'.repeat(64),
      '93fa85d',
      'no address is on both sides of the split',
      'a model of shuffled labels has an AUC of 0.501 (99.0 % interval 0.383 to 0.637)',
      'Siddiqi',
      'PSI 0.132',
    ]) {
      expect(text).toContain(shown);
    }
    expect(page.match(/<svg /g)).toHaveLength(8);
  });

  it('says what the figures do not say', async () => {
    const text = textOf(await renderReport(sampleContent()));
    expect(text).toContain('The figures are of the model before it, which never saw the holdout');
    expect(text).toContain('A leakage check found something');
    expect(text).toContain('5,000 of 9,000 alerts have no label');
    const { labels } = sampleContent().metadata;
    const content = sampleContent();
    const own = {
      ...content,
      metadata: {
        ...content.metadata,
        labels: labels && {
          ...labels,
          judged_by: { strategy: 'rules', settings: {}, kind: 'heuristic' as const, own: true },
        },
      },
    };
    expect(textOf(await renderReport(own))).toContain('repeats labels by rules that it was taught');
  });

  it('copes with what a model does not have', async () => {
    const ranker = await renderReport(rankerContent());
    expect(textOf(ranker)).toContain('NDCG@10');
    expect(textOf(ranker)).toContain('they are no probabilities');
    expect(sectionOf(ranker, 'curves')).not.toContain('<svg');
    expect(sectionOf(ranker, 'ranking')).toContain('<svg');
    expect(textOf(await renderReport(clusterContent()))).toContain(
      '2,000 clusters of 310 groups of clusters',
    );
    const unjudged = await renderReport(unjudgedContent());
    expect(textOf(unjudged)).toContain('Nobody labelled enough to judge the model by');
    expect(sectionOf(unjudged, 'figures')).not.toContain('<table');
    const old = textOf(await renderReport(oldContent()));
    expect(old).toContain('The model was saved without its curves');
    expect(old).toContain('There is no drift to show: no snapshot was compared');
    for (const content of Object.values(everyKind)) {
      expect(textOf(await renderReport(content))).not.toMatch(/undefined|NaN|Infinity|\[object/);
    }
  });

  it('tells that the snapshot of the drift is one that the model learned from', async () => {
    const { drift, ...content } = sampleContent();
    const within = { ...content, drift: drift && { ...drift, processing_date: '2025-01-27' } };
    expect(textOf(await renderReport(within))).toContain('lies within the training period');
    expect(textOf(await renderReport(sampleContent()))).not.toContain('lies within the training period');
  });

  it('says so where nobody can tell which rows the model has not learned from', async () => {
    const { drift, ...content } = sampleContent();
    if (!drift?.labels) throw new Error('the sample has labels');
    expect(textOf(await renderReport({ ...content, drift }))).toContain(
      'rows that the model cannot have learned from;',
    );
    const untold = { ...content, drift: { ...drift, labels: { ...drift.labels, unseen: null } } };
    expect(textOf(await renderReport(untold))).toContain(
      'which rows the model cannot have learned from is not known;',
    );
  });

  it('is the same bytes for the same content, whatever was drawn before or at the same time', async () => {
    const alone = await renderReport(sampleContent());
    const [first, second] = await Promise.all([renderReport(sampleContent()), renderReport(sampleContent())]);
    expect(first).toBe(alone);
    expect(second).toBe(alone);
  });

  it.each(Object.entries(everyKind))(
    'needs nothing but itself, links nowhere, names each id once: %s',
    async (_, content) => {
      const page = await renderReport(content);
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
      expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|javascript:/i);
      for (const [, target] of page.matchAll(/href="([^"]*)"/g))
        expect(page).toContain(`id="${target?.slice(1)}"`);
      for (const [, target] of page.matchAll(/(?:src|href)="([^"]*)"/g)) expect(target).toMatch(/^#/);
      const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );

  it('has no more markup for texts that are markup', async () => {
    const tagsOf = (page: string) => page.match(/<[a-zA-Z][^\s>/]*/g)?.sort();
    for (const content of Object.values(everyKind)) {
      const harmless = await renderReport(withTexts(content, (text) => `x${text.length}-${text}`));
      const hostile = await renderReport(withTexts(content, (text) => `${HOSTILE} ${text}`));
      expect(hostile).toContain('&#60;script&#62;');
      expect(tagsOf(hostile)).toEqual(tagsOf(harmless));
      for (const unseen of ['\u0000', '\u202e']) expect(hostile).not.toContain(unseen);
    }
  });
});
