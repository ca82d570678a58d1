import type { LabelSet, LabelStrategy } from '@risk-scoring/contract';
import { InvalidLabelSetError, SPECIFICATION_VERSION } from '@risk-scoring/contract';

/** A sound strategy for trying the suite: critical alerts are suspicious, low ones are normal. */
export function createSeverityStrategy(): LabelStrategy {
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'severity',
    settings: { suspicious: 'critical' },
    requires: ['alerts'],
    async deriveLabels(alerts, _data, { signal }) {
      signal?.throwIfAborted();
      const labels = new Int8Array(alerts.numRows).fill(-1);
      const weights = new Float32Array(alerts.numRows);
      const codes = new Int32Array(alerts.numRows).fill(-1);
      const severity = alerts.getChild('severity');
      for (let row = 0; row < alerts.numRows; row++) {
        const level = severity?.get(row);
        if (level !== 'critical' && level !== 'low') continue;
        labels[row] = level === 'critical' ? 1 : 0;
        weights[row] = 1;
        codes[row] = 0;
      }
      return { labels, weights, sources: { names: ['severity'], codes } };
    },
    validateLabels(labelSet) {
      const problem = problemOf(labelSet);
      if (problem)
        throw new InvalidLabelSetError({ strategy: 'severity', expected: 'a sound one', found: problem });
    },
    getLabelWeights: ({ weights }) => weights,
  };
}

function problemOf({ labels, weights, sources: { names, codes } }: LabelSet): string | undefined {
  if (weights.length !== labels.length || codes.length !== labels.length) return 'lengths that differ';
  for (let row = 0; row < labels.length; row++) {
    const isLabelled = labels[row] === 0 || labels[row] === 1;
    if (!isLabelled && labels[row] !== -1) return `label ${labels[row]}`;
    if (!(weights[row] >= 0 && weights[row] < Number.POSITIVE_INFINITY)) return `weight ${weights[row]}`;
    if (!isLabelled && (weights[row] !== 0 || codes[row] !== -1)) return 'something about an unlabelled row';
    if (isLabelled && !(codes[row] >= 0 && codes[row] < names.length)) return `source code ${codes[row]}`;
  }
  return undefined;
}
