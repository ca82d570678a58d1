import { describe, expect, it } from 'vitest';
import { readOnnxMetadata } from '../model-metadata.ts';
import { openOnnxScorer } from '../scorer/open-onnx-scorer.ts';
import { matrixOf } from '../testing/matrices.ts';
import { encodeTreeEnsemble } from './encode-tree-ensemble.ts';

/** Two trees: x ≤ 0.5 is -1, else (and NaN) -3; and a single leaf of -2. */
const ensemble = {
  treeIds: Int32Array.of(0, 0, 0, 1),
  nodeIds: Int32Array.of(0, 1, 2, 0),
  isBranch: Uint8Array.of(1, 0, 0, 0),
  featureIds: Int32Array.of(1, 0, 0, 0),
  values: Float32Array.of(0.5, 0, 0, 0),
  trueNodeIds: Int32Array.of(1, 0, 0, 0),
  falseNodeIds: Int32Array.of(2, 0, 0, 0),
  missingTracksTrue: Uint8Array.of(0, 0, 0, 0),
  leafTreeIds: Int32Array.of(0, 0, 1),
  leafNodeIds: Int32Array.of(1, 2, 0),
  leafWeights: Float64Array.of(-1, -3, -2),
};

describe('encodeTreeEnsemble', () => {
  it.each([
    { link: 'exponential', of: (raw: number) => Math.exp(0.25 * raw) },
    { link: 'logistic', of: (raw: number) => 1 / (1 + Math.exp(-0.25 * raw)) },
    { link: 'identity', of: (raw: number) => 0.25 * raw },
  ] as const)('scores sums of leaves, with the link $link', async ({ link, of }) => {
    const names = ['noise', 'volume'];
    const properties = { source: 'by hand' };
    const bytes = encodeTreeEnsemble({
      name: 'two trees',
      featureNames: names,
      ensemble,
      link,
      factor: 0.25,
      properties,
    });
    expect(readOnnxMetadata(bytes)).toMatchObject({ featureNames: names, link, properties });
    const scorer = await openOnnxScorer(bytes);
    const rows = [
      [9, 0.5],
      [9, 0.50001],
      [9, Number.NaN],
    ];
    const { raw, probability } = await scorer.score(matrixOf(names, rows));
    await scorer.dispose();
    expect(Array.from(raw)).toEqual([-3, -5, -5]);
    expect(Array.from(probability)).toEqual([-3, -5, -5].map((sum) => Math.fround(of(sum))));
  });
});
