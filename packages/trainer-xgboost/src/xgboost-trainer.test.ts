// The worker thread runs what was built, so the trainer comes from the package as its users see it.
import { CancelledError, type TrainingProgress } from '@risk-scoring/contract';
import { rocAuc } from '@risk-scoring/evaluation';
import { readOnnxMetadata } from '@risk-scoring/onnx';
import { createXGBoostTrainer } from '@risk-scoring/trainer-xgboost';
import { describe, expect, it } from 'vitest';
import { fileOf, sameBits } from './testing/compare.ts';
import { missingLibrary } from './testing/native-booster.ts';
import { plainTrees } from './testing/plain-walk.ts';
import { sampleData } from './testing/sample-data.ts';

const sample = sampleData();
const { data, labels, testRows } = sample;
const columns = data.columns.length;
const trainer = createXGBoostTrainer({ threads: 2 });

describe.skipIf(missingLibrary !== undefined)('createXGBoostTrainer', () => {
  it('learns what there is to learn on rows it never saw', async () => {
    const model = await trainer.train(sample);
    const scores = await model.predict(data, { rows: testRows });
    const truth = Int8Array.from(testRows, (row) => labels[row] ?? -1);
    expect(rocAuc(truth, scores)).toBeGreaterThan(0.8);
  });

  it('stops early, and is cut to the iteration whose recorded metric was best', async () => {
    const seen: TrainingProgress[] = [];
    const model = await createXGBoostTrainer({ threads: 2, maxRounds: 400, earlyStoppingRounds: 15 }).train({
      ...sample,
      onProgress: (progress) => seen.push(progress),
    });
    const losses = seen.map(({ metric }) => metric?.value ?? Number.NaN);
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(seen.map(({ iteration }) => iteration)).toEqual(losses.map((_, i) => i + 1));
    expect(seen[0]).toMatchObject({ maxIterations: 400, metric: { name: 'logloss' } });
    expect(losses).toHaveLength(best + 15);
    const { numTrees, bestIteration } = model.describe();
    expect([numTrees, bestIteration]).toEqual([best, best]);
    const native = await fileOf(model, 'native');
    expect(plainTrees(native)).toHaveLength(best);
    // The log loss of the rows that it was stopped by, computed again.
    const rows = sample.validationRows;
    const scores = await model.predict(data, { rows });
    const weightOf = (row: number) => sample.weights[row] ?? 0;
    const sums = rows.reduce(
      (sum, row, i) =>
        sum - weightOf(row) * Math.log(labels[row] === 1 ? (scores[i] ?? 0) : 1 - (scores[i] ?? 0)),
      0,
    );
    const total = rows.reduce((sum, row) => sum + weightOf(row), 0);
    expect(sums / total).toBeCloseTo(Math.min(...losses), 6);
  });

  it('trains to the end without validation rows, or without early stopping', async () => {
    const none = await trainer.train({ ...sample, validationRows: new Int32Array() });
    expect(none.describe().bestIteration).toBe(100);
    const off = await createXGBoostTrainer({ threads: 2, earlyStoppingRounds: 0 }).train(sample);
    expect(off.describe().numTrees).toBe(100);
  });

  it('gives the same bytes for the same request, on shared memory or not, and others for another seed', async () => {
    const sampled = createXGBoostTrainer({ threads: 2, maxRounds: 20, parameters: { subsample: 0.5 } });
    const bytes = async (request: typeof sample) => fileOf(await sampled.train(request), 'native');
    const first = await bytes(sample);
    expect(sameBits(await bytes(sample), first)).toBe(true);
    const unshared = { ...data, values: new Float32Array(data.values) };
    expect(sameBits(await bytes({ ...sample, data: unshared }), first)).toBe(true);
    const trees = (file: Uint8Array) => JSON.stringify(plainTrees(file));
    expect(trees(await bytes({ ...sample, seed: 43 })) === trees(first)).toBe(false);
  });

  it('never looks at rows that it was not given', async () => {
    const poisoned = sampleData();
    for (const row of testRows) {
      poisoned.labels[row] = -1;
      for (let column = 0; column < columns; column++)
        poisoned.data.values[column * data.rows + row] = Number.POSITIVE_INFINITY;
    }
    const [one, other] = [await trainer.train(poisoned), await trainer.train(sample)];
    expect(sameBits(await fileOf(one, 'native'), await fileOf(other, 'native'))).toBe(true);
  });

  it('comes back from its files predicting the same bits and saying the same of itself', async () => {
    const model = await trainer.train(sample);
    const loaded = await createXGBoostTrainer().load(await model.artifacts());
    expect(sameBits(await loaded.predict(data), await model.predict(data))).toBe(true);
    expect(loaded.describe()).toEqual(model.describe());
    expect(sameBits(await fileOf(loaded, 'native'), await fileOf(model, 'native'))).toBe(true);
    const metadata = readOnnxMetadata(await fileOf(loaded, 'onnx'));
    expect(metadata).toMatchObject({ link: 'logistic', featureNames: model.describe().featureNames });
  });

  it('keeps feature names as they are, and takes any whole number for a seed', async () => {
    const names = ['a"b', 'c\\d', 'tab\there', 'ünïcode 数', '[x] < 3', ' '];
    const named = data.columns.map((column, i) => ({ ...column, name: names[i] ?? '' }));
    const request = { ...sample, data: { ...data, columns: named }, validationRows: new Int32Array() };
    const quick = createXGBoostTrainer({ threads: 2, maxRounds: 2, parameters: { subsample: 0.5 } });
    for (const seed of [-5, 0, 2 ** 40]) {
      const model = await quick.train({ ...request, seed });
      expect(model.describe().featureNames).toEqual(names);
      expect(model.describe().hyperparameters.seed).toBe(seed);
    }
  });

  it('predicts many rows in several threads as it does one by one', async () => {
    const large = sampleData({ rows: 60_000, seed: 9 });
    const model = await trainer.train(sample);
    const batch = await model.predict(large.data);
    for (const row of [0, 29_999, 30_000, 59_999])
      expect((await model.predict(large.data, { rows: Int32Array.of(row) }))[0]).toBe(batch[row]);
  });

  it('takes a counter-weight for a second row of the opposite class', async () => {
    // Each row and the next are alike; the second stands for the first as the opposite class.
    const pick = (row: number) => 2 * Math.floor(row / 2);
    const values = data.values.map(
      (_, i) => data.values[Math.floor(i / data.rows) * data.rows + pick(i % data.rows)] ?? 0,
    );
    const weights = sample.weights.map((_, row) => {
      const weight = sample.weights[pick(row)] ?? 0;
      return row % 2 === 0 ? weight : 1 - weight;
    });
    const all = Int32Array.from({ length: data.rows }, (_, row) => row);
    const request = {
      data: { ...data, values },
      labels: labels.map((_, row) => ((labels[pick(row)] === 1) === (row % 2 === 0) ? 1 : 0)),
      weights,
      trainRows: all,
      validationRows: new Int32Array(),
      seed: 1,
    };
    const twice = await trainer.train(request);
    const once = await trainer.train({
      ...request,
      trainRows: all.filter((row) => row % 2 === 0),
      counterWeights: weights.map((weight) => 1 - weight),
    });
    expect(sameBits(await once.predict(data), await twice.predict(data))).toBe(true);
  });

  it('stops within an iteration when it is cancelled, twenty times over, and trains again', async () => {
    const endless = createXGBoostTrainer({ threads: 2, maxRounds: 100_000, earlyStoppingRounds: 0 });
    for (let i = 0; i < 20; i++) {
      const controller = new AbortController();
      let last = 0;
      const training = endless.train({
        ...sample,
        signal: controller.signal,
        onProgress({ iteration }) {
          last = iteration;
          if (iteration > i % 4) controller.abort();
        },
      });
      await expect(training).rejects.toThrow(CancelledError);
      expect(last).toBe((i % 4) + 1);
    }
    expect((await trainer.train(sample)).describe().numTrees).toBeGreaterThan(5);
  });
});
