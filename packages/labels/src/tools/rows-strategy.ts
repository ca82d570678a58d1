import type { LabelStrategy } from '@risk-scoring/contract';
import { makeStrategy } from '../make-strategy.ts';
import type { AddressLabelRows } from '../rows/address-label-rows.ts';
import { type LabelAlertsOptions, labelAlerts } from '../rows/label-alerts.ts';

/**
 * A strategy that labels by rows at hand: for a look at them, not for a model that is kept, because its settings do not say what the rows are.
 *
 * @param name stands in messages
 * @example
 * const strategy = createRowsLabelStrategy('labels.csv', rows, { policy: 'drop', useConfidence: true });
 */
export function createRowsLabelStrategy(
  name: string,
  rows: AddressLabelRows,
  options: LabelAlertsOptions,
): LabelStrategy {
  return makeStrategy({
    name,
    settings: {
      conflict_policy: options.policy,
      source_priority: options.sourcePriority ?? [],
      use_confidence: options.useConfidence,
    },
    requires: ['alerts'],
    columns: { alerts: ['processing_date', 'address'] },
    deriveLabels: async (alerts) => labelAlerts(alerts, rows, options),
  });
}
