// The worker thread runs what was built, so the trainer comes from the package as its users see it.
import {
  CancelledError,
  FeatureSchemaMismatchError,
  InvalidInputError,
  type TrainedModel,
} from '@risk-scoring/contract';
import { rocAuc } from '@risk-scoring/evaluation';
import { openOnnxScorer, proveParity, readOnnxMetadata } from '@risk-scoring/onnx';
import { describeModelTrainer } from '@risk-scoring/testkit';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { describe, expect, it } from 'vitest';
import { makeOutliers, rowOf, withRows } from './testing/outliers.ts';
import { type PlainForest, plainScore } from './testing/plain-forest.ts';

const { data, request, isOutlier } = makeOutliers();
const trainer = createIsolationForestTrainer();
const all = Int32Array.from({ length: data.rows }, (_, row) => row);

async function fileOf(model: TrainedModel, role: 'native' | 'onnx'): Promise<Uint8Array> {
  const artifact = (await model.artifacts()).find((candidate) => candidate.role === role);
  return artifact?.bytes ?? new Uint8Array();
}

async function plainForest(model: TrainedModel): Promise<PlainForest> {
  return JSON.parse(new TextDecoder().decode(await fileOf(model, 'native'))) as PlainForest;
}

describe('createIsolationForestTrainer', () => {
  it('is 100 trees on 256 rows each, as in the paper, and needs no labels', async () => {
    const model = await trainer.train(request);
    const { nodeOffsets, sampleSize, size, ...forest } = await plainForest(model);
    expect(nodeOffsets).toHaveLength(101);
    expect(sampleSize).toBe(256);
    for (const root of nodeOffsets.slice(0, -1)) expect(size[root]).toBe(256);
    expect(Math.max(...forest.feature)).toBe(5);
    expect(model.describe()).toMatchObject({
      numTrees: 100,
      bestIteration: 100,
      hyperparameters: { trees: 100, sample_size: 256, max_features: 'all', seed: 42 },
      featureNames: data.columns.map(({ name }) => name),
    });
    expect(trainer.unsupervised).toBe(true);
  });

  it("scores by the paper's formula, as a plain walk through the trees of its file does", async () => {
    const model = await trainer.train(request);
    const forest = await plainForest(model);
    const scores = await model.predict(data);
    const raw = await model.predict(data, { output: 'raw' });
    for (let row = 0; row < data.rows; row += 7) {
      const { mean, score } = plainScore(forest, rowOf(data, row));
      expect(Math.abs((scores[row] as number) - score)).toBeLessThan(1e-12);
      expect(Math.abs((raw[row] as number) + mean)).toBeLessThan(1e-11);
    }
  });

  it('ranks outliers first, above 0.5, and finds where they lie far away', async () => {
    const model = await trainer.train(request);
    const scores = await model.predict(data);
    expect(rocAuc(isOutlier, scores)).toBeGreaterThan(0.99);
    const mean = (kind: number) => {
      const some = scores.filter((_, row) => isOutlier[row] === kind);
      return some.reduce((sum, score) => sum + score, 0) / some.length;
    };
    expect(mean(1)).toBeGreaterThan(0.6);
    expect(mean(0)).toBeLessThan(0.5);
    const [first = 0, second = 0, ...others] = model.describe().importances;
    expect(Math.min(first, second)).toBeGreaterThan(Math.max(...others));
    expect(first + second + others.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('has an ONNX twin that is equal, at every threshold and beside it, and where values are unknown', async () => {
    const model = await trainer.train(request);
    const { feature, threshold } = await plainForest(model);
    const rows = [...feature.keys()]
      .filter((node) => (feature[node] ?? -1) >= 0)
      .flatMap((node) => {
        const limit = threshold[node] ?? 0;
        const above = limit + Math.max(2 ** -149, Math.abs(limit) * 2 ** -23);
        return [limit, above, Number.NaN].map((value) =>
          rowOf(data, node % data.rows).with(feature[node] ?? 0, value),
        );
      });
    rows.push(
      data.columns.map(() => Number.NaN),
      data.columns.map(() => Number.POSITIVE_INFINITY),
    );
    const bytes = await fileOf(model, 'onnx');
    expect(readOnnxMetadata(bytes)).toMatchObject({ link: 'exponential', properties: { trees: '100' } });
    const scorer = await openOnnxScorer(bytes);
    for (const matrix of [withRows(data, rows), data]) {
      const native = {
        raw: await model.predict(matrix, { output: 'raw' }),
        probability: await model.predict(matrix),
      };
      const selected = Int32Array.from({ length: matrix.rows }, (_, row) => row);
      const report = await proveParity({ scorer, matrix, rows: selected, native });
      expect(report.maxProbabilityDifference).toBeLessThan(1e-7);
      expect(report.maxRawRelativeDifference).toBeLessThan(1e-7);
    }
    await scorer.dispose();
    expect(rows.length).toBeGreaterThan(15_000);
  });

  it('grows the same trees for a seed, others for another, and a smaller forest at the start of a larger one', async () => {
    const file = async (options: object, overrides: object = {}) => {
      const model = await createIsolationForestTrainer(options).train({ ...request, ...overrides });
      return plainForest(model);
    };
    const ten = await file({ trees: 10 });
    expect(await file({ trees: 10 })).toEqual(ten);
    expect(await file({ trees: 10 }, { seed: 43 })).not.toEqual(ten);
    const twenty = await file({ trees: 20 });
    expect(twenty.nodeOffsets.slice(0, 11)).toEqual(ten.nodeOffsets);
    expect(twenty.threshold.slice(0, ten.threshold.length)).toEqual(ten.threshold);
  });

  it('gives a row the same bits alone, in another order and in several threads', async () => {
    const model = await createIsolationForestTrainer({ trees: 1500 }).train(request);
    const batch = await model.predict(data);
    const reversed = await model.predict(data, { rows: all.toReversed() });
    expect(reversed.toReversed()).toEqual(batch);
    for (const row of [0, 1, 2, 3, 255, 256, 3999])
      expect((await model.predict(data, { rows: Int32Array.of(row) }))[0]).toBe(batch[row]);
    const unshared = { ...data, values: Float32Array.from(data.values) };
    expect(await model.predict(unshared, { rows: all.toReversed() })).toEqual(reversed);
    expect(await model.predict(unshared)).toEqual(batch);
  });

  it('comes back from its native file with the same bits and the same description', async () => {
    const model = await createIsolationForestTrainer({ trees: 30, sampleSize: 100, maxFeatures: 3 }).train(
      request,
    );
    const loaded = await trainer.load(await model.artifacts());
    expect(await loaded.predict(data)).toEqual(await model.predict(data));
    expect(loaded.describe()).toEqual(model.describe());
    expect(await loaded.artifacts()).toEqual(await model.artifacts());
    await expect(trainer.load([])).rejects.toMatchObject({ code: 'MODEL_ARTIFACT_MISSING' });
    const junk = { role: 'native', extension: '.iforest', bytes: Buffer.from('no forest') } as const;
    await expect(trainer.load([junk])).rejects.toMatchObject({ code: 'ISOLATION_FOREST_MODEL' });
  });

  it('takes all rows where the sample is larger, and reckons with as many', async () => {
    const few = { ...request, trainRows: Int32Array.from({ length: 9 }, (_, i) => i) };
    const model = await trainer.train(few);
    const forest = await plainForest(model);
    expect(forest.sampleSize).toBe(9);
    expect((await model.predict(data))[17]).toBeCloseTo(plainScore(forest, rowOf(data, 17)).score, 12);
  });

  it('stops within a tree when it is cancelled, with progress per tree until then', async () => {
    const controller = new AbortController();
    const grown: number[] = [];
    const endless = createIsolationForestTrainer({ trees: 100_000, sampleSize: 2000 });
    const training = endless.train({
      ...request,
      signal: controller.signal,
      onProgress: ({ iteration, maxIterations }) => {
        expect(maxIterations).toBe(100_000);
        grown.push(iteration);
        if (iteration === 3) controller.abort();
      },
    });
    await expect(training).rejects.toThrow(CancelledError);
    expect(grown).toEqual([1, 2, 3]);
    await expect(trainer.train({ ...request, signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });

  it('ends with the reason when progress cannot be shown', async () => {
    const reason = new Error('the terminal is gone');
    const onProgress = () => {
      throw reason;
    };
    await expect(trainer.train({ ...request, onProgress })).rejects.toBe(reason);
  });

  it.each([
    { trees: 0 },
    { trees: 1.5 },
    { trees: 1e9 },
    { sampleSize: 1 },
    { sampleSize: Number.NaN },
    { maxFeatures: 0 },
  ])('refuses the options %o', (options) => {
    expect(() => createIsolationForestTrainer(options)).toThrow(InvalidInputError);
  });

  it('refuses rows that there is nothing to learn from, and matrices that are not the model’s', async () => {
    const one = { ...request, trainRows: Int32Array.of(3) };
    await expect(trainer.train(one)).rejects.toThrow(/at least 2 rows/);
    const outside = { ...request, trainRows: Int32Array.of(3, 4000) };
    await expect(trainer.train(outside)).rejects.toThrow(/0 to 3999/);
    const alike = { ...data, values: new Float32Array(data.values.length).fill(7) };
    await expect(trainer.train({ ...request, data: alike })).rejects.toThrow(/alike in every column/);
    const short = { ...data, values: new Float32Array(5) };
    await expect(trainer.train({ ...request, data: short })).rejects.toThrow(/5 values/);
    const model = await trainer.train(request);
    await expect(model.predict({ ...data, columns: data.columns.toReversed() })).rejects.toThrow(
      FeatureSchemaMismatchError,
    );
    await expect(model.predict(data, { rows: Int32Array.of(-1) })).rejects.toThrow(InvalidInputError);
  });
});

describeModelTrainer('the isolation forest', () => createIsolationForestTrainer(), {
  async scoreOnnx(bytes, matrix) {
    const scorer = await openOnnxScorer(bytes);
    try {
      return (await scorer.score(matrix)).probability;
    } finally {
      await scorer.dispose();
    }
  },
});
