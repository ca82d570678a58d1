import { type LabelStrategy, UNLABELLED } from '@risk-scoring/contract';
import { z } from 'zod';
import { defineStrategy } from '../definition.ts';
import { makeStrategy } from '../make-strategy.ts';

const settingsSchema = z.strictObject({});

/**
 * No labels at all: for trainers that learn what is usual and score what is not, such as the isolation forest. The model is judged by the labels
 * that SOT publishes, where there are any.
 *
 * @example
 * const strategy = createUnsupervisedLabelStrategy();
 */
export function createUnsupervisedLabelStrategy(): LabelStrategy {
  return makeStrategy({
    name: 'unsupervised',
    settings: {},
    requires: ['alerts'],
    columns: { alerts: ['address'] },
    unsupervised: true,
    async deriveLabels(alerts) {
      return {
        labels: new Int8Array(alerts.numRows).fill(UNLABELLED),
        weights: new Float32Array(alerts.numRows),
        sources: { names: [], codes: new Int32Array(alerts.numRows).fill(-1) },
      };
    },
  });
}

/** {@link createUnsupervisedLabelStrategy}, by name. */
export const unsupervisedDefinition = defineStrategy({
  name: 'unsupervised',
  summary: 'no labels, for trainers that learn without any',
  settings: settingsSchema,
  create: createUnsupervisedLabelStrategy,
});
