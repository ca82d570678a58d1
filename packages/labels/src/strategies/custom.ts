import path from 'node:path';
import type { LabelStrategy } from '@risk-scoring/contract';
import { z } from 'zod';
import { defineStrategy, type StrategySurroundings } from '../definition.ts';
import { readLabelFile } from '../files/read-label-file.ts';
import { makeStrategy } from '../make-strategy.ts';
import { labelAlerts } from '../rows/label-alerts.ts';
import { addressSettings, checkAddressSettings, someText } from '../settings.ts';

const settingsSchema = z
  .strictObject({
    file: someText.describe('the file of labels: CSV, NDJSON or Parquet, maybe .gz or .zst'),
    ...addressSettings,
    default_label: z
      .literal([0, 1], { error: 'must be 0 or 1' })
      .optional()
      .describe('the label of all addresses, where the file has neither label nor risk_level'),
  })
  .superRefine(checkAddressSettings);

/** Settings of {@link createCustomLabelStrategy}; only `file` has no default. */
export type CustomLabelSettings = z.input<typeof settingsSchema>;

/**
 * Labels from a file of one's own: an alert has the label that the file gives its address; see `readLabelFile` for what may stand in it, and
 * `resolveRows` for which of several rows of an address counts. The file is read anew for every training; what it held then is in the report by its sha256.
 *
 * @param surroundings what a relative path starts from; the working folder when left out
 * @throws {z.ZodError} for settings that cannot be meant
 * @example
 * const strategy = createCustomLabelStrategy({ file: 'labels.csv', conflict_policy: 'newest' });
 * const { labels, report } = await strategy.deriveLabels(data.alerts, data, { seed: 42 });
 */
export function createCustomLabelStrategy(
  settings: CustomLabelSettings,
  surroundings: Pick<StrategySurroundings, 'folder'> = { folder: process.cwd() },
): LabelStrategy {
  const settled = settingsSchema.parse(settings);
  return makeStrategy({
    name: 'custom',
    settings: settled,
    requires: ['alerts'],
    columns: { alerts: ['processing_date', 'address'] },
    async deriveLabels(alerts, _data, { signal }) {
      const { rows, sha256, bytes, statedBy, warnings } = await readLabelFile(
        path.resolve(surroundings.folder, settled.file),
        {
          positiveRiskLevels: settled.positive_risk_levels,
          negativeRiskLevels: settled.negative_risk_levels,
          defaultLabel: settled.default_label,
          signal,
        },
      );
      const labelSet = labelAlerts(alerts, rows, {
        policy: settled.conflict_policy,
        sourcePriority: settled.source_priority,
        useConfidence: settled.use_confidence,
      });
      const file = { name: settled.file, sha256, bytes, rows: rows.rows, labels_from: statedBy, warnings };
      return { ...labelSet, report: { ...labelSet.report, file } };
    },
  });
}

/** {@link createCustomLabelStrategy}, by name. */
export const customDefinition = defineStrategy({
  name: 'custom',
  summary: 'what a file of your own says of the alert’s address',
  settings: settingsSchema,
  create: createCustomLabelStrategy,
});
