// A label strategy of one's own, whole: it passes describeLabelStrategy() of @risk-scoring/testkit.
import {
  InvalidLabelSetError,
  type LabelStrategy,
  throwIfCancelled,
  UNLABELLED,
} from '@risk-scoring/contract';

/** Trusts the labels that somebody put on the alerts themselves. */
export const labelsOnAlerts: LabelStrategy = {
  specificationVersion: 'v1',
  name: 'labels-on-alerts',
  settings: {},
  requires: ['alerts'],
  async deriveLabels(alerts, _data, { signal }) {
    throwIfCancelled(signal, 'labelling the alerts');
    const column = alerts.getChild('label');
    const labels = new Int8Array(alerts.numRows);
    for (let row = 0; row < labels.length; row++) labels[row] = column?.get(row) ?? UNLABELLED;
    return {
      labels,
      weights: Float32Array.from(labels, (label) => (label === UNLABELLED ? 0 : 1)),
      sources: {
        names: ['alert'],
        codes: Int32Array.from(labels, (label) => (label === UNLABELLED ? -1 : 0)),
      },
    };
  },
  validateLabels({ labels, weights, sources }) {
    const fail = (expected: string, found: string) =>
      new InvalidLabelSetError({ strategy: 'labels-on-alerts', expected, found });
    if (weights.length !== labels.length || sources.codes.length !== labels.length) {
      throw fail(
        'one label, weight and source per alert',
        `${labels.length}, ${weights.length} and ${sources.codes.length}`,
      );
    }
    labels.forEach((label, row) => {
      const [weight = Number.NaN, code = Number.NaN] = [weights[row], sources.codes[row]];
      const isUnlabelled = label === UNLABELLED && weight === 0 && code === -1;
      const isLabelled =
        (label === 0 || label === 1) &&
        Number.isFinite(weight) &&
        weight >= 0 &&
        code >= 0 &&
        code < sources.names.length;
      if (!isUnlabelled && !isLabelled)
        throw fail('a label with its weight and source, or none of them', `row ${row}`);
    });
  },
  getLabelWeights: (labelSet) => labelSet.weights,
};
