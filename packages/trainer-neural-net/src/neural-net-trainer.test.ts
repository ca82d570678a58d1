// The worker thread runs what was built, so the trainer comes from the package as its users see it.
import type { Worker } from 'node:worker_threads';
import {
  CancelledError,
  FeatureSchemaMismatchError,
  InvalidInputError,
  SingleClassError,
  type TrainedModel,
  type TrainingProgress,
} from '@risk-scoring/contract';
import { rocAuc } from '@risk-scoring/evaluation';
import { openOnnxScorer, proveParity, readOnnxMetadata } from '@risk-scoring/onnx';
import { describeModelTrainer } from '@risk-scoring/testkit';
import { createNeuralNetTrainer } from '@risk-scoring/trainer-neural-net';
import { describe, expect, it } from 'vitest';
import { plainNetwork, plainScore } from './testing/plain-network.ts';
import { makeSample, rowOf, withRows } from './testing/sample.ts';

const { data, labels, request, testRows, all } = makeSample();
const small = { hiddenLayers: [16, 8], batchSize: 64, learningRate: 0.01, dropout: 0.1, maxEpochs: 30 };
const trainer = createNeuralNetTrainer({ ...small, earlyStoppingRounds: 5 });

/** One model for all tests that look at an ordinary one. */
let kept: Promise<TrainedModel> | undefined;
function ordinaryModel(): Promise<TrainedModel> {
  kept ??= trainer.train(request);
  return kept;
}

async function fileOf(model: TrainedModel, role: 'native' | 'onnx'): Promise<Uint8Array> {
  const artifact = (await model.artifacts()).find((candidate) => candidate.role === role);
  return artifact?.bytes ?? new Uint8Array();
}

/** Rows of every oddity: unknown, infinite, huge, never seen in a constant column. */
const { NaN: unknown, POSITIVE_INFINITY: infinite } = Number;
const odd = withRows(data, [
  data.columns.map(() => unknown),
  data.columns.map(() => infinite),
  data.columns.map(() => -infinite),
  data.columns.map(() => 3.4e38),
  data.columns.map(() => -1e-45),
  data.columns.map(() => 0),
  rowOf(data, 4).with(4, 1e9),
  rowOf(data, 4).with(5, 1e9),
  rowOf(data, 4),
]);

describe('createNeuralNetTrainer', () => {
  it('learns what there is to learn on rows it never saw, also from a value that is absent', async () => {
    const model = await ordinaryModel();
    const scores = await model.predict(data, { rows: testRows });
    expect(
      rocAuc(
        Int8Array.from(testRows, (row) => labels[row] ?? -1),
        scores,
      ),
    ).toBeGreaterThan(0.85);
    const { importances, numTrees, bestIteration, featureNames, libraries } = model.describe();
    const [smooth = 0, heavy = 0, absent = 0, noise = 0, ...silent] = importances;
    expect(Math.min(smooth, heavy, absent)).toBeGreaterThan(noise);
    expect(silent).toEqual([0, 0]);
    expect(numTrees).toBe(0);
    expect(bestIteration).toBeGreaterThan(1);
    expect(featureNames).toEqual(data.columns.map(({ name }) => name));
    expect(libraries).toEqual({
      '@tensorflow/tfjs-core': '4.22.0',
      '@tensorflow/tfjs-backend-wasm': '4.22.0',
    });
  });

  it('has the stated defaults, and says so', () => {
    expect(createNeuralNetTrainer()).toMatchObject({
      name: 'neural-net',
      modelTypes: ['alert_scorer', 'cluster_scorer'],
      hyperparameters: {
        hidden_layers: [128, 64, 32],
        dropout: 0.3,
        learning_rate: 0.001,
        batch_size: 512,
        max_epochs: 100,
        early_stopping_rounds: 10,
        weight_decay: 0,
        batch_normalization: true,
        class_weight: 'none',
      },
    });
  });

  it('scores as a plain implementation that reads its file does, and its ONNX twin as well, odd rows and all', async () => {
    for (const options of [{}, { batchNormalization: false, dropout: 0 }, { hiddenLayers: [7] }]) {
      const model = await createNeuralNetTrainer({ ...small, maxEpochs: 3, ...options }).train(request);
      const plain = plainNetwork(await fileOf(model, 'native'));
      const bytes = await fileOf(model, 'onnx');
      expect(readOnnxMetadata(bytes)).toMatchObject({
        link: 'logistic',
        properties: { source: 'neural net' },
      });
      const scorer = await openOnnxScorer(bytes);
      for (const matrix of [odd, data]) {
        const native = {
          raw: await model.predict(matrix, { output: 'raw' }),
          probability: await model.predict(matrix),
        };
        for (const [row, raw] of native.raw.entries())
          expect(Math.abs(raw - plainScore(plain, rowOf(matrix, row)))).toBeLessThan(1e-11);
        const rows = Int32Array.from({ length: matrix.rows }, (_, row) => row);
        const report = await proveParity({ scorer, matrix, rows, native });
        expect(report.maxProbabilityDifference).toBeLessThan(1e-7);
        expect(report.maxRawRelativeDifference).toBeLessThan(1e-7);
      }
      await scorer.dispose();
    }
  });

  it('has an ONNX twin that gives a row the same bits alone as among others', async () => {
    const model = await createNeuralNetTrainer({ maxEpochs: 1 }).train(request);
    const scorer = await openOnnxScorer(await fileOf(model, 'onnx'));
    const batch = await scorer.score(data);
    for (const size of [1, 3, 50]) {
      for (let row = 0; row + size <= 600; row += size) {
        const some = await scorer.score(data, { rows: all.subarray(row, row + size) });
        expect(some.raw).toEqual(batch.raw.subarray(row, row + size));
        expect(some.probability).toEqual(batch.probability.subarray(row, row + size));
      }
    }
    await scorer.dispose();
  });

  it('does not heed a column that was constant or never known while it learned', async () => {
    const model = await ordinaryModel();
    const raw = await model.predict(odd, { output: 'raw' });
    expect([raw[6], raw[7]]).toEqual([raw[8], raw[8]]);
    expect(raw.every(Number.isFinite)).toBe(true);
  });

  it('gives the same files for the same request, shared or not, and others for another seed', async () => {
    const twoEpochs = createNeuralNetTrainer({ ...small, maxEpochs: 2 });
    const files = async (overrides: object = {}) => {
      const model = await twoEpochs.train({ ...request, ...overrides });
      return (await model.artifacts()).map(({ bytes }) => Buffer.from(bytes).toString('base64'));
    };
    const first = await files();
    expect(await files()).toEqual(first);
    expect(await files({ data: { ...data, values: Float32Array.from(data.values) } })).toEqual(first);
    expect(await files({ seed: 43 })).not.toEqual(first);
  });

  it('leaves out rows without weight, as if they were not there', async () => {
    const gone = request.trainRows.filter((_, i) => i % 3 === 0);
    const weights = request.weights.slice();
    for (const row of gone) weights[row] = 0;
    const trainRows = request.trainRows.filter((_, i) => i % 3 !== 0);
    const train = async (overrides: object) => {
      const model = await createNeuralNetTrainer({ ...small, maxEpochs: 2 }).train({
        ...request,
        ...overrides,
      });
      return model.predict(data);
    };
    expect(await train({ weights })).toEqual(await train({ trainRows }));
  });

  it('weighs both classes the same where it is to be balanced', async () => {
    const rare = Float32Array.from(labels, (label) => (label === 1 ? 0.01 : 1));
    const mean = async (classWeight: 'balanced' | undefined) => {
      const options = { ...small, maxEpochs: 5, classWeight };
      const model = await createNeuralNetTrainer(options).train({ ...request, weights: rare });
      const scores = await model.predict(data, { rows: testRows });
      return scores.reduce((sum, score) => sum + score, 0) / scores.length;
    };
    expect(await mean(undefined)).toBeLessThan(0.2);
    const balanced = await mean('balanced');
    expect(balanced).toBeGreaterThan(0.35);
    expect(balanced).toBeLessThan(0.65);
  });

  it('gives a row the same bits in threads as alone', async () => {
    const model = await createNeuralNetTrainer({ hiddenLayers: [512, 64], maxEpochs: 1 }).train(request);
    const batch = await model.predict(data, { output: 'raw' });
    const backwards = all.toReversed();
    expect((await model.predict(data, { rows: backwards, output: 'raw' })).toReversed()).toEqual(batch);
    for (const row of [0, 1, 999, 1000, 1999])
      expect((await model.predict(data, { rows: Int32Array.of(row), output: 'raw' }))[0]).toBe(batch[row]);
  });

  it('stops early, and is the network of the best epoch', async () => {
    const seen: TrainingProgress[] = [];
    const onProgress = (progress: TrainingProgress) => seen.push(progress);
    const eager = createNeuralNetTrainer({ ...small, maxEpochs: 200, earlyStoppingRounds: 4 });
    const model = await eager.train({ ...request, onProgress });
    const losses = seen.map(({ metric }) => metric?.value ?? unknown);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(model.describe().bestIteration).toBe(best);
    expect(seen).toHaveLength(best + 4);
    expect(seen[0]).toMatchObject({ iteration: 1, maxIterations: 200, metric: { name: 'binary_logloss' } });
    const { validationRows, weights } = request;
    const scores = await model.predict(data, { rows: validationRows });
    const sum = validationRows.reduce((total, row) => total + (weights[row] ?? 0), 0);
    const loss = scores.reduce((total, p, i) => {
      const row = validationRows[i] ?? -1;
      return total - (weights[row] ?? 0) * Math.log(labels[row] === 1 ? p : 1 - p);
    }, 0);
    expect(loss / sum).toBeCloseTo(losses[best - 1] ?? unknown, 5);
  });

  it('trains for 20 epochs where nothing can say which is the best, or fewer where that is the most', async () => {
    const epochs = async (maxEpochs: number) => {
      const seen: TrainingProgress[] = [];
      const onProgress = (progress: TrainingProgress) => seen.push(progress);
      const model = await createNeuralNetTrainer({ ...small, maxEpochs }).train({
        ...request,
        validationRows: new Int32Array(),
        onProgress,
      });
      expect(seen.every(({ metric }) => metric === undefined)).toBe(true);
      return [seen.length, seen[0]?.maxIterations, model.describe().bestIteration];
    };
    expect(await epochs(100)).toEqual([20, 20, 20]);
    expect(await epochs(2)).toEqual([2, 2, 2]);
  });

  it('comes back from its native file with the same bits and the same description', async () => {
    const model = await ordinaryModel();
    const loaded = await trainer.load(await model.artifacts());
    expect(await loaded.predict(data)).toEqual(await model.predict(data));
    expect(loaded.describe()).toEqual(model.describe());
    expect(await loaded.artifacts()).toEqual(await model.artifacts());
    await expect(trainer.load([])).rejects.toMatchObject({ code: 'MODEL_ARTIFACT_MISSING' });
    const junk = { role: 'native', extension: '.mlp', bytes: Buffer.from('no network') } as const;
    await expect(trainer.load([junk])).rejects.toMatchObject({ code: 'NEURAL_NET_MODEL' });
  });

  it('stops between steps when it is cancelled, ten times, and leaves no thread behind', async () => {
    const workers: Worker[] = [];
    const note = (worker: Worker) => workers.push(worker);
    process.on('worker', note);
    const endless = createNeuralNetTrainer({ ...small, maxEpochs: 100_000, earlyStoppingRounds: 100_000 });
    for (let i = 0; i < 10; i++) {
      const controller = new AbortController();
      const epochs: number[] = [];
      const training = endless.train({
        ...request,
        signal: controller.signal,
        onProgress: ({ iteration }) => {
          epochs.push(iteration);
          controller.abort();
        },
      });
      await expect(training).rejects.toThrow(CancelledError);
      expect(epochs).toEqual([1]);
    }
    process.off('worker', note);
    expect(workers).toHaveLength(10);
    // A thread that has ended has no number any more.
    expect(workers.map(({ threadId }) => threadId)).toEqual(Array.from({ length: 10 }, () => -1));
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
    { hiddenLayers: [] },
    { hiddenLayers: [0] },
    { hiddenLayers: [8, 1.5] },
    { dropout: 1 },
    { dropout: -0.1 },
    { learningRate: 0 },
    { learningRate: unknown },
    { batchSize: 0 },
    { maxEpochs: 0 },
    { earlyStoppingRounds: 0 },
    { weightDecay: -1 },
    { classWeight: 'even' as 'balanced' },
    { batchNormalization: 'yes' as unknown as boolean },
    { modelType: 'alert_ranker' as 'alert_scorer' },
  ])('refuses the options %o', (options) => {
    expect(() => createNeuralNetTrainer(options)).toThrow(InvalidInputError);
  });

  it('refuses rows that there is nothing to learn from, and matrices that are not the model’s', async () => {
    const ones = { ...request, labels: new Int8Array(data.rows).fill(1) };
    await expect(trainer.train(ones)).rejects.toThrow(SingleClassError);
    const outside = { ...request, trainRows: Int32Array.of(3, 4000) };
    await expect(trainer.train(outside)).rejects.toThrow(/0 to 1999/);
    const alike = { ...data, values: new Float32Array(data.values.length).fill(7) };
    await expect(trainer.train({ ...request, data: alike })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/alike in every column/),
    });
    const model = await ordinaryModel();
    await expect(model.predict({ ...data, columns: data.columns.toReversed() })).rejects.toThrow(
      FeatureSchemaMismatchError,
    );
    await expect(model.predict(data, { rows: Int32Array.of(-1) })).rejects.toThrow(InvalidInputError);
  });
});

const brief = { ...small, maxEpochs: 12, earlyStoppingRounds: 5 };
describeModelTrainer('the neural net', () => createNeuralNetTrainer(brief), {
  longRows: 4000,
  async scoreOnnx(bytes, matrix) {
    const scorer = await openOnnxScorer(bytes);
    try {
      return (await scorer.score(matrix)).probability;
    } finally {
      await scorer.dispose();
    }
  },
});
