// The conformance suite of a label strategy of one's own; save it as my-strategy.test.ts and run vitest.
import { InvalidLabelSetError, type LabelStrategy, SPECIFICATION_VERSION } from '@risk-scoring/contract';
import { describeLabelStrategy, makeTrainingData } from '@risk-scoring/testkit';

/** Calls alerts of large volume suspicious, and those of small volume normal. */
function createVolumeStrategy({ large = 500_000, small = 100_000 } = {}): LabelStrategy {
  return {
    specificationVersion: SPECIFICATION_VERSION,
    name: 'volume',
    settings: { large, small },
    requires: ['alerts'],
    async deriveLabels(alerts, _data, { signal }) {
      signal?.throwIfAborted();
      const volumes = alerts.getChild('volume_usd');
      const labels = Int8Array.from({ length: alerts.numRows }, (_, row) => {
        const volume = Number(String(volumes?.get(row))) / 1e18;
        return volume >= large ? 1 : volume <= small ? 0 : -1;
      });
      return {
        labels,
        weights: Float32Array.from(labels, (label) => (label < 0 ? 0 : 0.5)),
        sources: { names: ['volume'], codes: Int32Array.from(labels, (label) => (label < 0 ? -1 : 0)) },
      };
    },
    validateLabels({ labels, weights, sources }) {
      const isSound = labels.every((label, row) => {
        const code = sources.codes[row];
        if (label === -1) return weights[row] === 0 && code === -1;
        const isWeight = weights[row] >= 0 && Number.isFinite(weights[row]);
        return (label === 0 || label === 1) && isWeight && code >= 0 && code < sources.names.length;
      });
      const isAligned = weights.length === labels.length && sources.codes.length === labels.length;
      if (isSound && isAligned) return;
      throw new InvalidLabelSetError({ strategy: 'volume', expected: 'a sound label set', found: 'another' });
    },
    getLabelWeights: ({ weights }) => weights,
  };
}

describeLabelStrategy('volume strategy', () => createVolumeStrategy());

// With a period of one's own; `storage` says how the suite wants the tables stored.
describeLabelStrategy('volume strategy on four alerts', () => createVolumeStrategy(), {
  data: (storage) =>
    makeTrainingData({
      ...storage,
      alerts: [10, 500_000, 20_000, 2_000_000].map((volume_usd) => ({ address: '0xa', volume_usd })),
    }),
});
