import { z } from 'zod';
import { CONFLICT_POLICIES } from './rows/resolve.ts';
import { NEGATIVE_LEVELS, POSITIVE_LEVELS, RISK_LEVELS } from './rows/risk-levels.ts';

const riskLevels = z
  .array(z.enum(RISK_LEVELS, { error: `must be one of ${RISK_LEVELS.join(', ')}` }), {
    error: 'must be a list of risk levels',
  })
  .refine((levels) => new Set(levels).size === levels.length, 'names a level twice');

/** A share or probability. */
export const zeroToOne = z
  .number({ error: 'must be a number from 0 to 1' })
  .min(0, 'must be a number from 0 to 1')
  .max(1, 'must be a number from 0 to 1');

/** A weight that says something. */
export const positiveWeight = z
  .number({ error: 'must be a number above 0' })
  .positive('must be a number above 0');

/** A text that says something. */
export const someText = z.string({ error: 'must be a text' }).trim().min(1, 'must not be empty');

/** Settings that all strategies share which label by what is said of addresses. */
export const addressSettings = {
  positive_risk_levels: riskLevels
    .min(1, 'must name at least one level')
    .default([...POSITIVE_LEVELS])
    .describe('risk levels that are suspicious'),
  negative_risk_levels: riskLevels
    .default([...NEGATIVE_LEVELS])
    .describe('risk levels that are normal; those in neither list leave alerts unlabelled'),
  use_confidence: z
    .boolean({ error: 'must be true or false' })
    .default(true)
    .describe('whether the confidence is the weight; otherwise every label weighs 1'),
  conflict_policy: z
    .enum(CONFLICT_POLICIES, { error: `must be one of ${CONFLICT_POLICIES.join(', ')}` })
    .default('highest-confidence')
    .describe('which of several rows of an address counts'),
  source_priority: z
    .array(someText, { error: 'must be a list of sources' })
    .default([])
    .describe('for source-priority: sources, the most trusted first'),
} as const;

/** Refuses what contradicts itself among {@link addressSettings}. */
export function checkAddressSettings(
  settings: {
    readonly positive_risk_levels: readonly string[];
    readonly negative_risk_levels: readonly string[];
    readonly conflict_policy: string;
    readonly source_priority: readonly string[];
  },
  context: z.RefinementCtx,
): void {
  const complain = (key: string, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  const both = settings.positive_risk_levels.filter((level) => settings.negative_risk_levels.includes(level));
  if (both.length > 0)
    complain('negative_risk_levels', `names ${both.join(', ')}, which is a positive level, too`);
  const byPriority = settings.conflict_policy === 'source-priority';
  if (byPriority && settings.source_priority.length === 0) {
    complain('source_priority', 'must name sources, the most trusted first');
  }
  if (!byPriority && settings.source_priority.length > 0) {
    complain('source_priority', 'is of no use without conflict_policy: source-priority');
  }
}

/** The strategy that another one is built on. */
export const baseSettings = {
  base: someText
    .default('address')
    .describe('the strategy whose labels it starts from: a name, file or package'),
  base_settings: z
    .record(z.string(), z.unknown(), { error: 'must hold settings' })
    .default({})
    .describe('settings of that strategy'),
} as const;
