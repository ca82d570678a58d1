import type { ModelMetadata } from '@risk-scoring/model-storage';
import { percent } from '../wording/numbers.ts';
import { BARS_LEFT, barHeight, bars } from './bars.ts';
import type { Chart } from './chart.ts';

/** What a feature does for a model. */
export interface FeatureWeight {
  readonly name: string;
  /** Mean |SHAP|, in the unit of the raw score; null where the model has no contributions. */
  readonly shap: number | null;
  /** Share of all mean |SHAP|. */
  readonly shapShare: number | null;
  /** Share of all gain; null where the model has no gains. */
  readonly gainShare: number | null;
}

/** Every feature that counts, by mean |SHAP|, else by gain, most first. */
export function featureWeights({
  shap_summary: shap,
  feature_importances: gains,
}: ModelMetadata): FeatureWeight[] {
  const contributions = new Map(Object.entries(shap?.mean_abs ?? {}));
  const gain = new Map(Object.entries(gains));
  const allShap = sum(contributions.values());
  const allGain = sum(gain.values());
  const weights = [...new Set([...contributions.keys(), ...gain.keys()])].map((name): FeatureWeight => {
    const value = contributions.get(name) ?? 0;
    return {
      name,
      shap: shap ? value : null,
      shapShare: allShap > 0 ? value / allShap : null,
      gainShare: allGain > 0 ? (gain.get(name) ?? 0) / allGain : null,
    };
  });
  return weights
    .filter(({ shapShare, gainShare }) => (shapShare ?? 0) > 0 || (gainShare ?? 0) > 0)
    .sort((a, b) => (b.shapShare ?? 0) - (a.shapShare ?? 0) || (b.gainShare ?? 0) - (a.gainShare ?? 0));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

const SHOWN = 12;

/** The strongest features: their share of what moves scores, beside their share of what training gained by them. */
export function featureChart(weights: readonly FeatureWeight[]): Chart | null {
  const shown = weights.slice(0, SHOWN);
  const [first] = shown;
  if (first === undefined) return null;
  const hasShap = first.shapShare !== null;
  const hasGain = first.gainShare !== null;
  return {
    id: 'features-chart',
    title: 'Strongest features',
    description: `The ${shown.length} strongest features, ${hasShap ? 'by mean |SHAP|' : 'by gain'}: ${shown
      .map(({ name, shapShare, gainShare }) => `${name} ${percent(shapShare ?? gainShare)}`)
      .join(', ')}.`,
    keys: [
      ...(hasShap ? [{ look: 'blue bar' as const, text: 'share of all mean |SHAP|' }] : []),
      ...(hasGain
        ? [{ look: hasShap ? ('orange bar' as const) : ('blue bar' as const), text: 'share of all gain' }]
        : []),
    ],
    height: barHeight(shown.length),
    left: BARS_LEFT,
    layers: bars(
      shown.map(({ name, shapShare, gainShare }) => ({
        name,
        values: [...(shapShare === null ? [] : [shapShare]), ...(gainShare === null ? [] : [gainShare])],
      })),
      { title: 'share', format: '.0%' },
    ),
  };
}
