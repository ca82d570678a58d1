import type { LabelStrategy } from '@risk-scoring/contract';

/** The same strategy, for which further columns of the alerts are read. Its labels are taken as it derives them, without refining. */
export function withAlertColumns(strategy: LabelStrategy, further: readonly string[]): LabelStrategy {
  const { specificationVersion, name, settings, requires, columns, definedBy, unsupervised } = strategy;
  const alerts =
    columns?.alerts === undefined ? {} : { alerts: [...new Set([...columns.alerts, ...further])] };
  return {
    specificationVersion,
    name,
    settings,
    requires,
    columns: { ...columns, ...alerts },
    ...(definedBy === undefined ? {} : { definedBy }),
    ...(unsupervised === undefined ? {} : { unsupervised }),
    deriveLabels: (table, data, context) => strategy.deriveLabels(table, data, context),
    validateLabels: (labelSet) => strategy.validateLabels(labelSet),
    getLabelWeights: (labelSet) => strategy.getLabelWeights(labelSet),
  };
}
