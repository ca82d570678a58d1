import { type LabelStrategy, readNumbers, UNLABELLED } from '@risk-scoring/contract';
import { z } from 'zod';
import { defineStrategy } from '../definition.ts';
import { featureRowsOf } from '../feature-rows.ts';
import { makeStrategy } from '../make-strategy.ts';
import { positiveWeight, someText, zeroToOne } from '../settings.ts';
import { fromOneSource } from '../weak-labels.ts';

const settingsSchema = z
  .strictObject({
    columns: z
      .array(someText, { error: 'must be a list of columns of raw_features' })
      .min(1, 'must name at least one column')
      .default([
        'behavioral_anomaly_score',
        'graph_anomaly_score',
        'neighborhood_anomaly_score',
        'global_anomaly_score',
      ])
      .describe('scores of raw_features, 0 to 1'),
    combine: z
      .enum(['mean', 'max'], { error: 'must be mean or max' })
      .default('mean')
      .describe('how an address’s scores become one'),
    positive_at_least: zeroToOne.default(0.8).describe('from this score on an alert is suspicious'),
    negative_at_most: zeroToOne.default(0.3).describe('up to this score it is normal'),
    weight: positiveWeight.default(1).describe('weight of every label'),
  })
  .refine(({ positive_at_least, negative_at_most }) => negative_at_most < positive_at_least, {
    path: ['negative_at_most'],
    message: 'must be below positive_at_least',
  });

/** Settings of {@link createAnomalyLabelStrategy}, each with a default. */
export type AnomalyLabelSettings = z.input<typeof settingsSchema>;

/**
 * Takes SOT's anomaly scores of the alert's address for its label, where nobody has said anything better: suspicious from a mean of 0.8 on,
 * normal up to 0.3. Unusual is not illicit: this is a beginning, to be judged on true labels. Features that depend on these scores are left
 * out. An address without a feature row, or without any of the scores, stays unlabelled.
 *
 * @throws {z.ZodError} for settings that cannot be meant
 * @example
 * const strategy = createAnomalyLabelStrategy({ combine: 'max', positive_at_least: 0.95 });
 */
export function createAnomalyLabelStrategy(settings: AnomalyLabelSettings = {}): LabelStrategy {
  const settled = settingsSchema.parse(settings);
  return makeStrategy({
    name: 'anomaly',
    settings: settled,
    requires: ['alerts', 'features'],
    columns: {
      alerts: ['processing_date', 'address'],
      features: ['processing_date', 'address', ...settled.columns],
    },
    definedBy: { features: settled.columns },
    async deriveLabels(alerts, data) {
      const scores = settled.columns.map((column) => readNumbers(data.features, column));
      const featureRow = featureRowsOf(alerts, data.features);
      const labels = new Int8Array(alerts.numRows).fill(UNLABELLED);
      for (let alert = 0; alert < labels.length; alert++) {
        const row = featureRow[alert] ?? -1;
        if (row < 0) continue;
        const score = combined(scores, row, settled.combine);
        if (score >= settled.positive_at_least) labels[alert] = 1;
        else if (score <= settled.negative_at_most) labels[alert] = 0;
      }
      return fromOneSource(labels, { weights: settled.weight, name: 'anomaly', kind: 'proxy' });
    },
  });
}

/** {@link createAnomalyLabelStrategy}, by name. */
export const anomalyDefinition = defineStrategy({
  name: 'anomaly',
  summary: 'SOT’s anomaly scores of the alert’s address, where nobody has said anything better',
  settings: settingsSchema,
  create: createAnomalyLabelStrategy,
});

/** NaN where all scores are. */
function combined(scores: readonly Float64Array[], row: number, how: 'mean' | 'max'): number {
  let [sum, most, count] = [0, Number.NEGATIVE_INFINITY, 0];
  for (const column of scores) {
    const score = column[row] ?? Number.NaN;
    if (Number.isNaN(score)) continue;
    sum += score;
    most = Math.max(most, score);
    count += 1;
  }
  if (count === 0) return Number.NaN;
  return how === 'mean' ? sum / count : most;
}
