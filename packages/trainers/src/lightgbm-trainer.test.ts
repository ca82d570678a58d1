import {
  CancelledError,
  InvalidInputError,
  SingleClassError,
  type TrainedModel,
} from '@risk-scoring/contract';
import { rocAuc } from '@risk-scoring/evaluation';
import { LightGBMParameterError } from '@risk-scoring/lightgbm';
import {
  openOnnxScorer,
  parseLightGBMModel,
  proveParity,
  UnconvertibleParametersError,
} from '@risk-scoring/onnx';
import { describeModelTrainer } from '@risk-scoring/testkit';
import { describe, expect, it } from 'vitest';
import { createLightGBMTrainer } from './lightgbm-trainer.ts';
import { sampleData } from './testing/sample-data.ts';
import { standingTwice } from './testing/standing-twice.ts';

const sample = sampleData();
const { data, labels, testRows } = sample;
const trainer = createLightGBMTrainer({ maxRounds: 200, earlyStoppingRounds: 20, threads: 1 });

async function text(model: TrainedModel): Promise<string> {
  const native = (await model.artifacts()).find((artifact) => artifact.role === 'native');
  return Buffer.from(native?.bytes ?? []).toString();
}

/** Trains, hands the model over and frees it. */
async function withModel<T>(
  request: Parameters<typeof trainer.train>[0],
  use: (model: TrainedModel) => Promise<T>,
) {
  const model = await trainer.train(request);
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

describe('createLightGBMTrainer', () => {
  it('learns what there is to learn on rows it never saw', async () => {
    const scores = await withModel(sample, (model) => model.predict(data, { rows: testRows }));
    const auc = rocAuc(
      Int8Array.from(testRows, (row) => labels[row] ?? -1),
      scores,
    );
    expect(auc).toBeGreaterThan(0.8);
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  });

  it('passes the defaults of an alert scorer on to LightGBM, which writes them into its model', async () => {
    const parameters = parseLightGBMModel(await withModel(sample, text)).parameters;
    const expected = {
      num_leaves: 31,
      learning_rate: 0.05,
      feature_fraction: 0.9,
      bagging_fraction: 0.8,
      bagging_freq: 5,
    };
    for (const [name, value] of Object.entries({ ...expected, min_data_in_leaf: 20 })) {
      expect(Number(parameters.get(name)), name).toBe(value);
    }
    expect(parameters.get('objective')).toBe('binary');
    expect(createLightGBMTrainer().hyperparameters).toMatchObject({
      max_rounds: 1000,
      early_stopping_rounds: 50,
    });
  });

  it('gives the same model for the same request, prepared or not, and another for another seed', async () => {
    const first = await withModel(sample, text);
    expect(await withModel(sample, text)).toBe(first);
    const prepared = await trainer.prepare?.(
      data,
      Int32Array.from([...sample.trainRows, ...sample.validationRows]),
    );
    if (prepared) {
      expect(await withModel({ ...sample, prepared }, text)).toBe(first);
      await prepared.dispose();
    }
    expect(await withModel({ ...sample, seed: 43 }, text)).not.toBe(first);
  });

  it('never looks at rows that it was not given', async () => {
    const poisoned = sampleData();
    for (const row of testRows) {
      poisoned.labels[row] = 1 - (poisoned.labels[row] ?? 0);
      for (let column = 0; column < data.columns.length; column++)
        poisoned.data.values[column * data.rows + row] = 1e9;
    }
    expect(await withModel(poisoned, text)).toBe(await withModel(sample, text));
  });

  it('stops early by the validation rows, and uses as many trees as the best iteration', async () => {
    await withModel(sample, async (model) => {
      const { numTrees, bestIteration } = model.describe();
      expect(bestIteration).toBeGreaterThan(5);
      expect(bestIteration).toBeLessThan(200);
      expect(numTrees).toBe(bestIteration);
      expect(parseLightGBMModel(await text(model)).trees).toBe(numTrees);
    });
    const all = await withModel({ ...sample, validationRows: new Int32Array(0) }, async (model) =>
      model.describe(),
    );
    expect(all.numTrees).toBe(200);
  });

  it('describes itself, the the two features that carry the signal strongest', async () => {
    const description = await withModel(sample, async (model) => model.describe());
    expect(description.featureNames).toEqual(data.columns.map((column) => column.name));
    const [first = 0, second = 0, ...noise] = description.importances;
    expect(Math.min(first, second)).toBeGreaterThan(Math.max(...noise));
    expect(description.libraries.lightgbm).toMatch(/^\d+\./);
    expect(description.hyperparameters).toMatchObject({ num_leaves: 31, seed: 42, num_threads: 1 });
  });

  it('comes back from its files predicting the same bits, alone or in a batch', async () => {
    await withModel(sample, async (model) => {
      const batch = await model.predict(data);
      const loaded = await trainer.load(await model.artifacts());
      expect(await loaded.predict(data)).toEqual(batch);
      for (const row of [0, 1, 2999]) {
        expect((await loaded.predict(data, { rows: Int32Array.of(row) }))[0]).toBe(batch[row]);
      }
      expect(loaded.describe().numTrees).toBe(model.describe().numTrees);
      await loaded.dispose();
    });
  });

  it('explains: contributions and the base value add up to the raw score', async () => {
    await withModel(sample, async (model) => {
      const rows = testRows.slice(0, 50);
      const raw = await model.predict(data, { rows, output: 'raw' });
      const explained = await model.explain?.(data, { rows });
      raw.forEach((score, index) => {
        const width = (explained?.features ?? 0) + 1;
        const sum = explained?.values
          .slice(index * width, (index + 1) * width)
          .reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo(score, 9);
      });
    });
  });

  it('has an ONNX twin that is equal on rows it never saw', async () => {
    await withModel(sample, async (model) => {
      const onnx = (await model.artifacts()).find((artifact) => artifact.role === 'onnx');
      const scorer = await openOnnxScorer(onnx?.bytes ?? new Uint8Array());
      const native = {
        probability: await model.predict(data, { rows: testRows }),
        raw: await model.predict(data, { rows: testRows, output: 'raw' }),
      };
      const parity = await proveParity({ scorer, matrix: data, rows: testRows, native });
      expect(parity.rows).toBe(testRows.length);
      await scorer.dispose();
    });
  });

  it('stops within an iteration when it is cancelled, with progress until then and the event loop free', async () => {
    const controller = new AbortController();
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const iterations: number[] = [];
    const endless = createLightGBMTrainer({
      maxRounds: 100_000,
      earlyStoppingRounds: 0,
      parameters: { num_leaves: 255 },
    });
    const training = endless.train({
      ...sample,
      signal: controller.signal,
      onProgress: ({ iteration, maxIterations, metric }) => {
        iterations.push(iteration);
        expect(maxIterations).toBe(100_000);
        expect(metric?.name).toBe('binary_logloss');
        if (iterations.length === 4) controller.abort();
      },
    });
    await expect(training).rejects.toThrow(CancelledError);
    clearInterval(timer);
    expect(iterations).toHaveLength(4);
    expect(ticks).toBeGreaterThan(20);
  });

  it('shares prepared data between trainings, also at once', async () => {
    const prepared = await trainer.prepare?.(
      data,
      Int32Array.from([...sample.trainRows, ...sample.validationRows]),
    );
    if (prepared === undefined) throw new Error('the trainer prepares');
    const models = await Promise.all([1, 2, 3].map((seed) => trainer.train({ ...sample, prepared, seed })));
    await prepared.dispose();
    await prepared.dispose();
    const scores = await Promise.all(models.map((model) => model.predict(data, { rows: testRows })));
    expect(scores[0]).not.toEqual(scores[1]);
    for (const model of models) {
      await model.dispose();
      await model.dispose();
    }
  });

  it('takes a counter-weight for a second row of the opposite class', async () => {
    const coarse = { ...sample, data: { ...data, values: data.values.map((x) => Math.round(x * 20) / 20) } };
    const parameters = { min_data_in_bin: 1 };
    const counted = createLightGBMTrainer({ maxRounds: 60, earlyStoppingRounds: 10, threads: 1, parameters });
    // Every third row is suspicious with some probability p: label 0, weight 1 - p, counter-weight p.
    const probability = (row: number) => (row % 3 === 0 ? (sample.weights[row] ?? 0) : 0);
    const weights = sample.weights.map((weight, row) => (row % 3 === 0 ? 1 - weight : weight));
    const softLabels = labels.map((label, row) => (row % 3 === 0 ? 0 : label));
    const counterWeights = Float32Array.from(weights, (_, row) => probability(row));
    const request = { ...coarse, labels: softLabels, weights, counterWeights };

    const twice = standingTwice(request);
    const [one, other] = [await counted.train(request), await counted.train(twice)];
    const [found, expected] = [await one.predict(coarse.data), await other.predict(coarse.data)];
    expect(one.describe().bestIteration).toBe(other.describe().bestIteration);
    expect(Math.max(...found.map((p, row) => Math.abs(p - (expected[row] ?? Number.NaN))))).toBeLessThan(
      1e-12,
    );
    await one.dispose();
    await other.dispose();
    const { counterWeights: _, ...without } = request;
    expect(await withModel({ ...without, counterWeights: new Float32Array(data.rows) }, text)).toBe(
      await withModel(without, text),
    );
    expect(await withModel(request, text)).not.toBe(await withModel(without, text));
  });

  it('learns the opposite class from rows with nothing but a counter-weight', async () => {
    const none = new Float32Array(data.rows);
    const flipped = { ...sample, labels: labels.map((label) => 1 - label) };
    const request = { ...flipped, weights: none, counterWeights: sample.weights };
    expect(await withModel(request, text)).toBe(await withModel(sample, text));
    const zeros = { ...sample, labels: new Int8Array(data.rows) };
    const half = sample.weights.map((weight, row) => (labels[row] === 1 ? weight : 0));
    const scores = await withModel({ ...zeros, counterWeights: half }, (model) => model.predict(data));
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
  });

  it.each([
    { what: 'a negative weight', change: { weights: sample.weights.with(7, -0.5) }, found: /-0.5 in row 7/ },
    {
      what: 'a weight of NaN',
      change: { weights: sample.weights.with(7, Number.NaN) },
      found: /NaN in row 7/,
    },
    { what: 'weights of 0', change: { weights: new Float32Array(data.rows) }, found: /0 in all 1800 rows/ },
    {
      what: 'a counter-weight of infinity among the validation rows',
      change: { counterWeights: new Float32Array(data.rows).with(1801, Number.POSITIVE_INFINITY) },
      found: /validation rows.*Infinity in row 1801/,
    },
    { what: 'too few weights', change: { weights: new Float32Array(5) }, found: /5 numbers/ },
    { what: 'too few counter-weights', change: { counterWeights: new Float32Array(5) }, found: /5 numbers/ },
  ])('refuses $what', async ({ change, found }) => {
    const training = trainer.train({ ...sample, ...change });
    await expect(training).rejects.toThrow(InvalidInputError);
    await expect(trainer.train({ ...sample, ...change })).rejects.toThrow(found);
  });

  it('refuses a class that only rows without weight are of', async () => {
    const weights = sample.weights.map((weight, row) => (labels[row] === 1 ? 0 : weight));
    await expect(trainer.train({ ...sample, weights })).rejects.toThrow(SingleClassError);
    const counterWeights = new Float32Array(data.rows).fill(0.1);
    const zeros = new Int8Array(data.rows);
    await expect(withModel({ ...sample, labels: zeros, counterWeights }, text)).resolves.toContain('Tree=0');
  });

  it('refuses labels of one class, unlabelled rows and data prepared elsewhere', async () => {
    const ones = { ...sample, labels: new Int8Array(data.rows).fill(1) };
    await expect(trainer.train(ones)).rejects.toThrow(SingleClassError);
    const unlabelled = { ...sample, labels: labels.map((label, row) => (row === 5 ? -1 : label)) };
    await expect(trainer.train(unlabelled)).rejects.toThrow(/1 rows without a label/);
    const validating = {
      ...sample,
      labels: labels.map((label, row) => (row === sample.validationRows[3] ? -1 : label)),
    };
    await expect(trainer.train(validating)).rejects.toThrow(/validation rows.*1 rows without a label/);
    const foreign = { ...sample, prepared: { dispose: async () => undefined } };
    await expect(trainer.train(foreign)).rejects.toThrow(InvalidInputError);
  });

  it('refuses parameters before training: unknown ones, and those that ONNX cannot express', () => {
    expect(() => createLightGBMTrainer({ parameters: { linear_tree: true } })).toThrow(
      UnconvertibleParametersError,
    );
    expect(() => createLightGBMTrainer({ parameters: { zero_as_missing: true } })).toThrow(
      UnconvertibleParametersError,
    );
    expect(() => createLightGBMTrainer({ maxRounds: 0 })).toThrow(InvalidInputError);
    expect(() => createLightGBMTrainer({ parameters: { num_leafs: 31 } })).toThrow(LightGBMParameterError);
    expect(() => createLightGBMTrainer({ parameters: { num_leafs: 31 } })).toThrow(/nearest one is 'num_lea/);
  });

  it('takes LightGBM parameters under any of their names in place of the defaults', () => {
    const { hyperparameters } = createLightGBMTrainer({
      parameters: { eta: 0.1, n_jobs: 1, force_row_wise: true },
    });
    expect(hyperparameters).toMatchObject({ learning_rate: 0.1, num_threads: 1, force_row_wise: true });
    expect(hyperparameters).not.toHaveProperty('force_col_wise');
    expect(hyperparameters).not.toHaveProperty('eta');
  });

  it('gives the same trees for any number of threads', async () => {
    const trees = async (threads: number) => {
      const model = await createLightGBMTrainer({ maxRounds: 60, threads }).train(sample);
      const whole = await text(model);
      await model.dispose();
      return whole.slice(0, whole.indexOf('parameters:'));
    };
    const one = await trees(1);
    expect(one.length).toBeGreaterThan(1000);
    for (const threads of [2, 3]) expect(await trees(threads)).toBe(one);
  });

  it('refuses to load something that is no model', async () => {
    await expect(trainer.load([])).rejects.toThrow(/role 'native'/);
    const junk = { role: 'native', extension: '.txt', bytes: Buffer.from('no model') } as const;
    await expect(trainer.load([junk])).rejects.toMatchObject({ code: 'LIGHTGBM_MODEL_INVALID' });
  });
});

describeModelTrainer('LightGBM', () => createLightGBMTrainer({ threads: 1 }), {
  async scoreOnnx(bytes, data) {
    const scorer = await openOnnxScorer(bytes);
    try {
      return (await scorer.score(data)).probability;
    } finally {
      await scorer.dispose();
    }
  },
});
