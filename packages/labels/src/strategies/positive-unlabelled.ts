import type { LabelStrategy } from '@risk-scoring/contract';
import { z } from 'zod';
import { assertPlain, definedByOf, readsOf } from '../combining/union.ts';
import { defineStrategy } from '../definition.ts';
import { makeStrategy } from '../make-strategy.ts';
import { learnFromPositives } from '../refining/elkan-noto.ts';
import { baseSettings } from '../settings.ts';

const settings = {
  use_negatives: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe('whether alerts that the base labels 0 stay so; otherwise they count as unlabelled'),
} as const;

const settingsSchema = z.strictObject({ ...baseSettings, ...settings });
const ownSettings = z.strictObject(settings);

/** Settings of {@link createPositiveUnlabelledLabelStrategy} besides the base, each with a default. */
export type PositiveUnlabelledSettings = z.input<typeof ownSettings>;

/**
 * PU learning: trusts the base's positives and takes everything else for unlabelled, with the weights of Elkan and Noto (2008). For lists of
 * known bad addresses without any of known good ones.
 *
 * The method supposes that the labelled positives are a random sample of all positives; where only conspicuous ones were ever reported, it is
 * too low everywhere else.
 *
 * @param base gives the positives
 * @throws {InvalidInputError} for a base that needs models itself
 * @throws {z.ZodError} for settings that cannot be meant
 * @example
 * createPositiveUnlabelledLabelStrategy(createAddressLabelStrategy());
 */
export function createPositiveUnlabelledLabelStrategy(
  base: LabelStrategy,
  options: PositiveUnlabelledSettings = {},
): LabelStrategy {
  assertPlain(base, 'pu');
  const settled = ownSettings.parse(options);
  return makeStrategy({
    name: 'pu',
    settings: { base: base.name, base_settings: base.settings, ...settled },
    ...readsOf([base]),
    ...definedByOf([base]),
    deriveLabels: (alerts, data, context) => base.deriveLabels(alerts, data, context),
    refineLabels: (request) => learnFromPositives(request, { useNegatives: settled.use_negatives }),
  });
}

/** {@link createPositiveUnlabelledLabelStrategy}, by name. */
export const positiveUnlabelledDefinition = defineStrategy({
  name: 'pu',
  summary: 'positives and unlabelled alerts only, with the weights of Elkan and Noto',
  settings: settingsSchema,
  create: async ({ base, base_settings, ...own }, { load }) =>
    createPositiveUnlabelledLabelStrategy(await load(base, base_settings), own),
});
