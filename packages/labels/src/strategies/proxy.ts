import { type LabelStrategy, readNumbers, readTextColumn, UNLABELLED } from '@risk-scoring/contract';
import { z } from 'zod';
import { defineStrategy } from '../definition.ts';
import { InvalidAlertColumnError } from '../invalid-alert-column-error.ts';
import { makeStrategy } from '../make-strategy.ts';
import { RISK_LEVELS, riskLevelOf } from '../rows/risk-levels.ts';
import { positiveWeight, zeroToOne } from '../settings.ts';
import { fromOneSource } from '../weak-labels.ts';

const severities = z
  .array(z.enum(RISK_LEVELS, { error: `must be one of ${RISK_LEVELS.join(', ')}` }), {
    error: 'must be a list of severities',
  })
  .refine((levels) => new Set(levels).size === levels.length, 'names a severity twice');

const settingsSchema = z.strictObject({
  positive_severities: severities
    .min(1, 'must name at least one severity')
    .default(['high', 'critical'])
    .describe('an alert of one of these severities'),
  positive_min_confidence: zeroToOne
    .default(0.7)
    .describe('… and at least this alert_confidence_score is suspicious'),
  negative_severities: severities
    .default(['low', 'medium'])
    .describe('an alert of one of these severities is normal'),
  negative_below_confidence: zeroToOne
    .default(0.3)
    .describe('and so is one of a lower alert_confidence_score, whatever its severity'),
  weight: positiveWeight.default(1).describe('weight of every label'),
});

/** Settings of {@link createProxyLabelStrategy}, each with a default. */
export type ProxyLabelSettings = z.input<typeof settingsSchema>;

/**
 * Takes the alert's own severity and confidence for its label, where nobody has said anything better: suspicious when the severity is high or
 * critical and the confidence at least 0.7; otherwise normal when the severity is low or medium or the confidence below 0.3; otherwise
 * unlabelled. What matches both is suspicious.
 *
 * Such a model learns to repeat the rule that made the severities, so features that depend on severity and confidence are left out, and
 * its figures are on true labels wherever there are any.
 *
 * @throws {z.ZodError} for settings that cannot be meant
 * @example
 * const strategy = createProxyLabelStrategy({ positive_min_confidence: 0.8 });
 */
export function createProxyLabelStrategy(settings: ProxyLabelSettings = {}): LabelStrategy {
  const settled = settingsSchema.parse(settings);
  const [positive, negative] = [settled.positive_severities, settled.negative_severities].map((list) =>
    RISK_LEVELS.map((level) => list.includes(level)),
  );
  return makeStrategy({
    name: 'proxy',
    settings: settled,
    requires: ['alerts'],
    columns: { alerts: ['severity', 'alert_confidence_score'] },
    definedBy: {
      alerts: ['severity', 'alert_confidence_score'],
      clusters: ['severity_max', 'confidence_avg'],
    },
    async deriveLabels(alerts) {
      const severity = readTextColumn(alerts, 'severity');
      const levels = severity.values.map(riskLevelOf);
      const unknown = severity.values.filter((_, code) => (levels[code] ?? -1) < 0);
      if (unknown.length > 0) {
        throw new InvalidAlertColumnError({
          column: 'severity',
          expected: RISK_LEVELS.join(', '),
          found: unknown.slice(0, 5).map((text) => `'${text}'`),
        });
      }
      const confidence = readNumbers(alerts, 'alert_confidence_score');
      const labels = new Int8Array(alerts.numRows).fill(UNLABELLED);
      for (let row = 0; row < labels.length; row++) {
        const level = levels[severity.codes[row] ?? 0] ?? 0;
        // As float32, which is what the column holds: 0.7 is 0.7 there.
        const sure = Math.fround(confidence[row] ?? Number.NaN);
        if (positive?.[level] && sure >= Math.fround(settled.positive_min_confidence)) labels[row] = 1;
        else if (negative?.[level] || sure < Math.fround(settled.negative_below_confidence)) labels[row] = 0;
      }
      return fromOneSource(labels, { weights: settled.weight, name: 'proxy', kind: 'proxy' });
    },
  });
}

/** {@link createProxyLabelStrategy}, by name. */
export const proxyDefinition = defineStrategy({
  name: 'proxy',
  summary: 'the alert’s own severity and confidence, where nobody has said anything better',
  settings: settingsSchema,
  create: createProxyLabelStrategy,
});
