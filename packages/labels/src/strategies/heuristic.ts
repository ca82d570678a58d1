import { type LabelSet, type LabelStrategy, type TrainingData, UNLABELLED } from '@risk-scoring/contract';
import { z } from 'zod';
import { combineLabelSets } from '../combining/combine.ts';
import { assertPlain, definedByOf, readsOf } from '../combining/union.ts';
import { defineStrategy } from '../definition.ts';
import { makeStrategy } from '../make-strategy.ts';
import { type Condition, columnsOfCondition, conditionSchema } from '../rules/condition.ts';
import { ConditionEvaluator, TRUTH } from '../rules/evaluate.ts';
import { baseSettings, positiveWeight, someText } from '../settings.ts';

/** The base that stands for none. */
const NO_BASE = 'none';

const rule = z.strictObject(
  {
    name: someText.describe('what the label’s source is called'),
    label: z.union([z.literal(0), z.literal(1)], { error: 'must be 1 or 0' }),
    weight: positiveWeight.default(0.5),
    when: conditionSchema,
  },
  { error: 'must hold name, label, weight and when' },
);

const settingsSchema = z.strictObject({
  ...baseSettings,
  rules: z
    .array(rule, { error: 'must be a list of rules' })
    .min(1, 'must hold at least one rule')
    .superRefine((rules, context) => {
      rules.forEach(({ name }, index) => {
        if (rules.findIndex((other) => other.name === name) === index) return;
        context.addIssue({ code: 'custom', path: [index, 'name'], message: 'stands there twice' });
      });
    })
    .describe('rules, the first that applies counts'),
  keep_defining_features: z
    .boolean({ error: 'must be true or false' })
    .optional()
    .describe('keep features that depend on columns of the rules (default: true with a base, false without)'),
});

/** A rule: what an alert is labelled where the condition holds. */
export interface LabelRule {
  /** The source of its labels. */
  readonly name: string;
  readonly label: 0 | 1;
  readonly weight: number;
  readonly when: Condition;
}

/** What {@link createHeuristicLabelStrategy} is made of. */
export interface HeuristicLabelOptions {
  readonly rules: readonly LabelRule[];
  /** Labels that stand; rules apply where it has none. */
  readonly base?: LabelStrategy | undefined;
  /** Whether features stay that depend on columns of the rules; with a base they do by default. */
  readonly keepDefiningFeatures?: boolean | undefined;
}

/**
 * Labels by rules over columns of raw_alerts and raw_features, only where the base has no label. The first rule that applies counts; percentiles
 * are those of the alerts of the same snapshot. A comparison with an unknown value is unknown, and then the rule does not apply.
 *
 * @throws {InvalidInputError} for a base that needs models; while labelling, for a column that is not there
 * @example
 * createHeuristicLabelStrategy({
 *   base: createAddressLabelStrategy(),
 *   rules: [{ name: 'new and large', label: 1, weight: 0.5, when: { all: [
 *     { column: 'features.is_new_address', equals: true }, { column: 'alerts.volume_usd', above_percentile: 90 },
 *   ] } }],
 * });
 */
export function createHeuristicLabelStrategy(options: HeuristicLabelOptions): LabelStrategy {
  const { rules, base, keepDefiningFeatures = base !== undefined } = options;
  if (base) assertPlain(base, 'heuristic');
  const own = readsOfRules(rules);
  const definedBy = {
    ...(own.alerts.length > 0 ? { alerts: own.alerts } : {}),
    ...(own.features.length > 0 ? { features: own.features } : {}),
  };
  const reads = readsOf([...(base ? [base] : []), asReader(own)]);
  return makeStrategy({
    name: 'heuristic',
    settings: {
      base: base?.name ?? NO_BASE,
      base_settings: base?.settings ?? {},
      rules,
      keep_defining_features: keepDefiningFeatures,
    },
    ...reads,
    ...definedByOf([...(base ? [base] : []), ...(keepDefiningFeatures ? [] : [{ definedBy }])]),
    async deriveLabels(alerts, data, context) {
      const ruled = applyRules(rules, data);
      const report = { rules: countRules(rules, ruled) };
      if (base === undefined) return { ...ruled, report };
      const labelSet = await base.deriveLabels(alerts, data, context);
      base.validateLabels(labelSet);
      const parts = [labelSet, ruled].map((each) => ({ labelSet: each, priority: 0, weight: 1 }));
      return {
        ...combineLabelSets(parts, 'fallback').labelSet,
        report: { ...report, ...(labelSet.report ? { base: labelSet.report } : {}) },
      };
    },
  });
}

/** {@link createHeuristicLabelStrategy}, by name. */
export const heuristicDefinition = defineStrategy({
  name: 'heuristic',
  summary: 'rules over columns of alerts and features, where the base strategy has no label',
  settings: settingsSchema,
  async create({ base, base_settings, rules, keep_defining_features }, { load }) {
    return createHeuristicLabelStrategy({
      rules,
      base: base === NO_BASE ? undefined : await load(base, base_settings),
      keepDefiningFeatures: keep_defining_features,
    });
  },
});

function readsOfRules(rules: readonly LabelRule[]): { alerts: string[]; features: string[] } {
  const read = rules.map(({ when }) => columnsOfCondition(when));
  return {
    alerts: [...new Set(read.flatMap(({ alerts }) => alerts))],
    features: [...new Set(read.flatMap(({ features }) => features))],
  };
}

/** What the rules read, as a strategy says it. */
function asReader({
  alerts,
  features,
}: {
  alerts: string[];
  features: string[];
}): Pick<LabelStrategy, 'requires' | 'columns'> {
  const names = ['processing_date', 'address'];
  return {
    requires: features.length > 0 ? ['alerts', 'features'] : ['alerts'],
    columns: {
      alerts: [...names, ...alerts],
      ...(features.length > 0 ? { features: [...names, ...features] } : {}),
    },
  };
}

function applyRules(rules: readonly LabelRule[], data: TrainingData): LabelSet {
  const evaluator = new ConditionEvaluator(data);
  const rows = data.alerts.numRows;
  const labels = new Int8Array(rows).fill(UNLABELLED);
  const weights = new Float32Array(rows);
  const codes = new Int32Array(rows).fill(-1);
  rules.forEach(({ label, weight, when }, index) => {
    const truths = evaluator.evaluate(when);
    for (let row = 0; row < rows; row++) {
      if (truths[row] !== TRUTH.yes || labels[row] !== UNLABELLED) continue;
      labels[row] = label;
      weights[row] = weight;
      codes[row] = index;
    }
  });
  const names = rules.map(({ name }) => name);
  return { labels, weights, sources: { names, kinds: names.map(() => 'heuristic' as const), codes } };
}

/** How many alerts each rule is the first to apply to. */
function countRules(rules: readonly LabelRule[], { sources }: LabelSet): Record<string, number> {
  const counts = rules.map(() => 0);
  for (const code of sources.codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return Object.fromEntries(rules.map(({ name }, index) => [name, counts[index] ?? 0]));
}
