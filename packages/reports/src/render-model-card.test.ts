import { describe, expect, it } from 'vitest';
import { renderModelCard } from './render-model-card.ts';
import { HOSTILE } from './testing/hostile.ts';
import {
  clusterContent,
  oldContent,
  rankerContent,
  sampleContent,
  unjudgedContent,
  withTexts,
} from './testing/sample-content.ts';

describe('a model card', () => {
  it('names the figures, their limits, the features and what it takes to build the model again', () => {
    const card = renderModelCard(sampleContent());
    for (const shown of [
      '# `alert_scorer_simnet_v1.0.0_20250301_120000`',
      '| AUC | 0.942 | 0.895 to 0.979 |',
      '- The saved model learned from all 4,000 labelled rows.',
      '| `fan_in` | 200 | 30 | 0.960 | 0.700 |',
      '| `total_volume_usd` | 0.810 | 63.8 % |',
      '- feature schema: `',
      'A score of 0.369 or more flags.',
    ]) {
      expect(card).toContain(shown);
    }
  });

  it('copes with what a model does not have', () => {
    expect(renderModelCard(rankerContent())).toContain('| NDCG@10 | 0.880 | 0.780 to 0.900 |');
    expect(renderModelCard(clusterContent())).toContain('clusters of 310 groups of clusters');
    expect(renderModelCard(unjudgedContent())).toContain('Nobody labelled enough to judge the model by');
    for (const content of [oldContent(), unjudgedContent(), rankerContent()]) {
      expect(renderModelCard(content)).not.toMatch(/undefined|NaN|\[object/);
    }
  });

  it('keeps its tables and has no markup for texts that are markup', () => {
    const lines = (text: string) => text.split('\n');
    const harmless = lines(renderModelCard(withTexts(sampleContent(), (text) => `x${text.length}-${text}`)));
    const hostile = lines(
      renderModelCard(withTexts(sampleContent(), (text) => `${HOSTILE} | a\n# b ${text}`)),
    );
    expect(hostile).toHaveLength(harmless.length);
    const cells = (line: string) => line.replace(/\\\|/g, '').split('|').length;
    expect(hostile.map(cells)).toEqual(harmless.map(cells));
    // Outside code spans no bracket of HTML, no link, no address that a reader would make a link of.
    const prose = hostile.join('\n').replace(/(`+)[^\n]*?[^`]\1(?!`)/g, '');
    expect(prose).not.toMatch(/<[a-z/]/i);
    expect(prose).not.toMatch(/https?:\/\//);
  });
});
