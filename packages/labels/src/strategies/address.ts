import type { LabelStrategy } from '@risk-scoring/contract';
import { z } from 'zod';
import { defineStrategy } from '../definition.ts';
import { makeStrategy } from '../make-strategy.ts';
import { labelAlerts } from '../rows/label-alerts.ts';
import { ADDRESS_LABEL_COLUMNS, readAddressLabels } from '../rows/read-address-labels.ts';
import { addressSettings, checkAddressSettings, someText } from '../settings.ts';

const settingsSchema = z
  .strictObject({
    ...addressSettings,
    data_sets: z
      .union([z.literal('latest'), z.array(someText)], {
        error: "must be 'latest' or a list of data sets, each NAME@VERSION",
      })
      .default('latest')
      .describe('which data sets of miner_labels are read beside SOT’s labels: the latest of each, or these'),
  })
  .superRefine(checkAddressSettings);

/** Settings of {@link createAddressLabelStrategy}, each with a default. */
export type AddressLabelSettings = z.input<typeof settingsSchema>;

/**
 * The baseline that everybody starts from: an alert has the label of its address in raw_address_labels and miner_labels. By default risk
 * level high or critical is suspicious, low or medium is normal, whatever the letter case; the row's confidence is the weight.
 *
 * A label belongs to an address: all its alerts in the period share it, from its `valid_from` on where it has one. Where an address has several
 * rows, see `resolveRows` for which one counts. A row of confidence 0 says nothing.
 *
 * @throws {z.ZodError} for settings that cannot be meant
 * @example
 * const strategy = createAddressLabelStrategy({ conflict_policy: 'drop' });
 * const { labels, weights } = await strategy.deriveLabels(data.alerts, data, { seed: 42 });
 */
export function createAddressLabelStrategy(settings: AddressLabelSettings = {}): LabelStrategy {
  const settled = settingsSchema.parse(settings);
  return makeStrategy({
    name: 'address',
    settings: settled,
    requires: ['alerts', 'addressLabels'],
    columns: { alerts: ['processing_date', 'address'], addressLabels: ADDRESS_LABEL_COLUMNS },
    async deriveLabels(alerts, data) {
      const { rows, dataSets } = readAddressLabels(data.addressLabels, {
        positive: settled.positive_risk_levels,
        negative: settled.negative_risk_levels,
        dataSets: settled.data_sets,
      });
      const labelSet = labelAlerts(alerts, rows, {
        policy: settled.conflict_policy,
        sourcePriority: settled.source_priority,
        useConfidence: settled.use_confidence,
      });
      return { ...labelSet, report: { ...labelSet.report, data_sets: dataSets } };
    },
  });
}

/** {@link createAddressLabelStrategy}, by name. */
export const addressDefinition = defineStrategy({
  name: 'address',
  summary: 'what SOT and imported data sets say of the alert’s address',
  settings: settingsSchema,
  create: createAddressLabelStrategy,
});
