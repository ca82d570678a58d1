import { createRandom, RiskScoringError } from '@risk-scoring/contract';
import type { ModelMetadata, StoredModel } from '@risk-scoring/model-storage';
import { encodeTreeEnsemble, type TreeEnsembleModel } from '@risk-scoring/onnx';
import { describe, expect, it } from 'vitest';
import { assertServes } from './assert-serves.ts';

const featureNames = ['a', 'b'];

/** One tree: `a <= 1` gives 0.25, anything else 0.75. */
function onnx(change: Partial<TreeEnsembleModel> = {}): Uint8Array {
  return encodeTreeEnsemble({
    name: 'stump',
    featureNames,
    ensemble: {
      treeIds: Int32Array.of(0, 0, 0),
      nodeIds: Int32Array.of(0, 1, 2),
      isBranch: Uint8Array.of(1, 0, 0),
      featureIds: Int32Array.of(0, 0, 0),
      values: Float32Array.of(1, 0, 0),
      trueNodeIds: Int32Array.of(1, 0, 0),
      falseNodeIds: Int32Array.of(2, 0, 0),
      missingTracksTrue: Uint8Array.of(0, 0, 0),
      leafTreeIds: Int32Array.of(0, 0),
      leafNodeIds: Int32Array.of(1, 2),
      leafWeights: Float64Array.of(0.25, 0.75),
    },
    link: 'identity',
    factor: 1,
    properties: {},
    ...change,
  });
}

/** A model as it is read, in what the check looks at. */
function stored(bytes: Uint8Array, change: Partial<ModelMetadata> = {}): StoredModel {
  const metadata = {
    model_id: 'alert_scorer_simnet_v1.0.0_20250301_120000',
    model_type: 'alert_scorer',
    feature_names: featureNames,
    feature_schema_hash: '',
    ...change,
  } as ModelMetadata;
  const artifacts = [{ role: 'onnx', extension: '.onnx', bytes: Buffer.from(bytes) }] as const;
  return { metadata, metadataPath: '', artifacts, holdoutGroups: [], evaluation: null };
}

describe('assertServes', () => {
  it('lets a model pass that scores; a ranker by its place, not by its raw score', async () => {
    await assertServes(stored(onnx()));
    await assertServes(stored(onnx({ factor: 8 }), { model_type: 'alert_ranker' }));
  });

  it.each<[string, StoredModel, string]>([
    ['bytes that are no model', stored(Buffer.from('garbage')), ''],
    ['a model cut short', stored(onnx().subarray(0, 200)), ''],
    [
      'a model of another number of features',
      stored(onnx(), { feature_names: ['a', 'b', 'c'] }),
      'one of 2 features',
    ],
    [
      'a model of other features',
      stored(onnx(), { feature_names: ['b', 'a'] }),
      "one whose feature 0 is 'a', not 'b'",
    ],
    ['scores that are none', stored(onnx({ factor: 8 })), '2 for a row of zeros'],
  ])('refuses %s', async (_what, model, found) => {
    await expect(assertServes(model)).rejects.toMatchObject({
      code: 'MODEL_CANNOT_SERVE',
      category: 'model',
      found: expect.stringContaining(found),
    });
  });

  it('refuses a model without an ONNX form', async () => {
    await expect(assertServes({ ...stored(onnx()), artifacts: [] })).rejects.toMatchObject({
      code: 'ONNX_MISSING',
    });
  });

  it('survives whatever bytes it gets', async () => {
    const random = createRandom(7, 'corruption');
    const whole = onnx();
    let refused = 0;
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const bytes = Uint8Array.from(
        whole.subarray(0, attempt % 2 === 0 ? whole.length : random.integer(whole.length)),
      );
      for (let flip = 0; flip < 8 && bytes.length > 0; flip += 1)
        bytes[random.integer(bytes.length)] = random.integer(256);
      await assertServes(stored(bytes)).catch((error: unknown) => {
        expect(RiskScoringError.isInstance(error), String(error)).toBe(true);
        refused += 1;
      });
    }
    expect(refused).toBeGreaterThan(150);
    await assertServes(stored(whole));
  });
});
