import type { LabelStrategy } from '@risk-scoring/contract';
import { z } from 'zod';
import { agreementsOf } from '../combining/agreement.ts';
import { COMBINE_MODES, type CombineMode, combineLabelSets } from '../combining/combine.ts';
import { assertPlain, definedByOf, readsOf } from '../combining/union.ts';
import { defineStrategy } from '../definition.ts';
import { makeStrategy } from '../make-strategy.ts';
import { positiveWeight, someText } from '../settings.ts';
import { validateLabelSet } from '../validate-label-set.ts';

const entry = z.preprocess(
  (value) => (typeof value === 'string' ? { name: value } : value),
  z.strictObject(
    {
      name: someText.describe('a strategy’s name, file or package'),
      settings: z.record(z.string(), z.unknown(), { error: 'must hold settings' }).default({}),
      priority: z.number({ error: 'must be a number' }).default(0),
      weight: positiveWeight.default(1),
    },
    { error: 'must be a name, or a map with name, settings, priority and weight' },
  ),
);

const settingsSchema = z.strictObject({
  mode: z
    .enum(COMBINE_MODES, { error: `must be one of ${COMBINE_MODES.join(', ')}` })
    .default('fallback')
    .describe('which strategy’s label a row gets that several label'),
  strategies: z
    .array(entry, { error: 'must be a list of strategies' })
    .min(2, 'must name at least two strategies')
    .default([
      { name: 'address', settings: {}, priority: 0, weight: 1 },
      { name: 'proxy', settings: {}, priority: 0, weight: 1 },
    ])
    .describe('the strategies, in the order in which they are asked'),
  keep_defining_features: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe('keep features that depend on the columns that some of the labels are made of'),
});

/** What {@link createCombinedLabelStrategy} is made of. */
export interface CombinedLabelOptions {
  readonly mode: CombineMode;
  readonly strategies: readonly {
    readonly strategy: LabelStrategy;
    readonly priority?: number;
    readonly weight?: number;
  }[];
  readonly keepDefiningFeatures?: boolean;
}

/**
 * Asks several strategies and makes one label per alert of what they say; see `combineLabelSets` for the modes. How far they agree is
 * reported, and how many rows each decided.
 *
 * @throws {InvalidInputError} for a strategy that needs models or learns without labels
 * @example
 * createCombinedLabelStrategy({
 *   mode: 'fallback',
 *   strategies: [{ strategy: createAddressLabelStrategy() }, { strategy: createProxyLabelStrategy(), weight: 0.5 }],
 * });
 */
export function createCombinedLabelStrategy(options: CombinedLabelOptions): LabelStrategy {
  const { mode, keepDefiningFeatures = false } = options;
  const parts = options.strategies.map(({ strategy, priority = 0, weight = 1 }) => ({
    strategy,
    priority,
    weight,
  }));
  const strategies = parts.map(({ strategy }) => strategy);
  for (const strategy of strategies) assertPlain(strategy, 'combined');
  return makeStrategy({
    name: 'combined',
    settings: {
      mode,
      strategies: parts.map(({ strategy, priority, weight }) => ({
        name: strategy.name,
        settings: strategy.settings,
        priority,
        weight,
      })),
      keep_defining_features: keepDefiningFeatures,
    },
    ...readsOf(strategies),
    ...(keepDefiningFeatures ? {} : definedByOf(strategies)),
    async deriveLabels(alerts, data, context) {
      const sets = [];
      for (const { strategy, priority, weight } of parts) {
        const labelSet = await strategy.deriveLabels(alerts, data, context);
        strategy.validateLabels(labelSet);
        validateLabelSet(strategy.name, labelSet);
        sets.push({ name: strategy.name, labelSet, priority, weight });
      }
      const { labelSet, decided } = combineLabelSets(sets, mode);
      return {
        ...labelSet,
        report: {
          strategies: sets.map(({ name, labelSet: of }, index) => ({
            name,
            labelled: of.labels.reduce((sum, label) => sum + (label >= 0 ? 1 : 0), 0),
            decided: decided[index],
            ...(of.report ? { report: of.report } : {}),
          })),
          agreement: agreementsOf(sets),
        },
      };
    },
  });
}

/** {@link createCombinedLabelStrategy}, by name. */
export const combinedDefinition = defineStrategy({
  name: 'combined',
  summary: 'several strategies, by fallback, priority or a vote weighted by confidence',
  settings: settingsSchema,
  async create({ mode, strategies, keep_defining_features }, { load }) {
    const parts = [];
    for (const { name, settings, priority, weight } of strategies) {
      parts.push({ strategy: await load(name, settings), priority, weight });
    }
    return createCombinedLabelStrategy({
      mode,
      strategies: parts,
      keepDefiningFeatures: keep_defining_features,
    });
  },
});
