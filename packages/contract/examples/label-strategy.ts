// A label strategy of one's own: alerts of critical severity are suspicious, those of low severity are normal.
import { type LabelStrategy, UNLABELLED } from '@risk-scoring/contract';

export const criticalIsSuspicious: LabelStrategy = {
  specificationVersion: 'v1',
  name: 'critical',
  settings: {},
  requires: ['alerts'],
  async deriveLabels(alerts) {
    const severity = alerts.getChild('severity');
    const labels = Int8Array.from({ length: alerts.numRows }, (_, row) => {
      const value = severity?.get(row);
      return value === 'critical' ? 1 : value === 'low' ? 0 : UNLABELLED;
    });
    return {
      labels,
      weights: Float32Array.from(labels, (label) => (label === UNLABELLED ? 0 : 1)),
      sources: {
        names: ['severity'],
        codes: Int32Array.from(labels, (label) => (label === UNLABELLED ? -1 : 0)),
      },
    };
  },
  validateLabels() {},
  getLabelWeights: (labelSet) => labelSet.weights,
};
