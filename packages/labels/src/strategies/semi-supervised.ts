import type { LabelStrategy } from '@risk-scoring/contract';
import { z } from 'zod';
import { assertPlain, definedByOf, readsOf } from '../combining/union.ts';
import { defineStrategy } from '../definition.ts';
import { makeStrategy } from '../make-strategy.ts';
import { selfTrain } from '../refining/self-training.ts';
import { baseSettings, positiveWeight, zeroToOne } from '../settings.ts';

const settings = {
  rounds: z
    .int({ error: 'must be a whole number from 1 to 10' })
    .min(1, 'must be a whole number from 1 to 10')
    .max(10, 'must be a whole number from 1 to 10')
    .default(2)
    .describe('how often models are asked, at most'),
  positive_threshold: zeroToOne
    .min(0.5, 'must be a number from 0.5 to 1')
    .default(0.9)
    .describe('from this mean score on an address is taken for suspicious'),
  negative_threshold: zeroToOne
    .max(0.5, 'must be a number from 0 to 0.5')
    .default(0.02)
    .describe('up to this mean score it is taken for normal'),
  weight: positiveWeight
    .max(1, 'must be at most 1')
    .default(0.5)
    .describe('weight of a pseudo-label of which the models are certain'),
  max_share: positiveWeight
    .max(10, 'must be at most 10')
    .default(0.5)
    .describe('pseudo-labels of a class, as a share of the given labels of that class, at most'),
} as const;

const settingsSchema = z
  .strictObject({ ...baseSettings, ...settings })
  .refine(({ positive_threshold, negative_threshold }) => negative_threshold < positive_threshold, {
    path: ['negative_threshold'],
    message: 'must be below positive_threshold',
  });

const ownSettings = z.strictObject(settings);

/** Settings of {@link createSemiSupervisedLabelStrategy} besides the base, each with a default. */
export type SemiSupervisedSettings = z.input<typeof ownSettings>;

/**
 * Self-training: what models say with confidence of addresses that nobody labelled is taught as well, with a weight. The models that decide it
 * never learned from the address, and never see what the result is judged on.
 *
 * @param base gives the labels that it starts from; the model is judged on these alone
 * @throws {InvalidInputError} for a base that needs models itself
 * @throws {z.ZodError} for settings that cannot be meant
 * @example
 * createSemiSupervisedLabelStrategy(createAddressLabelStrategy(), { rounds: 3 });
 */
export function createSemiSupervisedLabelStrategy(
  base: LabelStrategy,
  options: SemiSupervisedSettings = {},
): LabelStrategy {
  assertPlain(base, 'semi-supervised');
  const settled = ownSettings.parse(options);
  return makeStrategy({
    name: 'semi-supervised',
    settings: { base: base.name, base_settings: base.settings, ...settled },
    ...readsOf([base, { requires: ['alerts'], columns: { alerts: ['address'] } }]),
    ...definedByOf([base]),
    deriveLabels: (alerts, data, context) => base.deriveLabels(alerts, data, context),
    refineLabels: (request) =>
      selfTrain(request, {
        rounds: settled.rounds,
        positiveThreshold: settled.positive_threshold,
        negativeThreshold: settled.negative_threshold,
        weight: settled.weight,
        maxShare: settled.max_share,
      }),
  });
}

/** {@link createSemiSupervisedLabelStrategy}, by name. */
export const semiSupervisedDefinition = defineStrategy({
  name: 'semi-supervised',
  summary: 'self-training: confident predictions for unlabelled addresses are taught, too',
  settings: settingsSchema,
  create: async ({ base, base_settings, ...own }, { load }) =>
    createSemiSupervisedLabelStrategy(await load(base, base_settings), own),
});
