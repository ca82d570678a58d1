// The worker thread runs what was built, so the session comes from the package as its users see it.
import {
  Booster,
  Dataset,
  type IterationReport,
  type LightGBMSession,
  openLightGBMSession,
  type SessionTrainingRequest,
} from '@risk-scoring/lightgbm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pairwiseAuc } from '../testing/metrics.ts';
import { createToyProblem, everyRow, onSharedMemory } from '../testing/toy-problem.ts';

const toy = createToyProblem();
const matrix = { values: onSharedMemory(toy.values), rows: toy.rows, columns: toy.names };
const reproducible = {
  objective: 'binary',
  deterministic: true,
  force_row_wise: true,
  seed: 7,
  num_threads: 1,
};
const testRows = everyRow(toy.rows, { start: 0, step: 5 });
const validationRows = everyRow(toy.rows, { start: 1, step: 5 });
const trainRows = everyRow(toy.rows).filter((row) => row % 5 > 1);
const seenRows = everyRow(toy.rows).filter((row) => row % 5 > 0);

let session: LightGBMSession;
beforeAll(async () => {
  session = await openLightGBMSession();
});
afterAll(() => session.dispose());

type Change = Partial<SessionTrainingRequest>;

/** Trains on bins of the rows that are not tested on. */
async function trainToy(change: Change = {}) {
  const dataset = await session.createDataset({ matrix, selected: seenRows, parameters: reproducible });
  try {
    return await session.train({
      dataset,
      trainRows,
      labels: toy.labels,
      weights: toy.weights,
      parameters: reproducible,
      maxRounds: 30,
      ...change,
    });
  } finally {
    await dataset.dispose();
  }
}

async function predictToy(model: string, selected?: Int32Array): Promise<Float64Array> {
  const loaded = await session.loadModel(model);
  const scores = await loaded.predict({ matrix, selected });
  await loaded.dispose();
  return scores;
}

/** Values that are few enough for bins of their own, so that the bins do not depend on how often each stands there. */
const coarse = { ...matrix, values: onSharedMemory(toy.values.map((value) => Math.round(value * 20) / 20)) };

/** Every third row stands twice: with its label, and with the other one and a weight of its own. */
function doubledToy() {
  const counterWeights = toy.weights.map((weight, row) => (row % 3 === 0 ? 1.7 - weight : 0));
  const rows: number[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  for (const row of everyRow(toy.rows)) {
    const [label, weight] = [toy.labels[row] as number, toy.weights[row] as number];
    rows.push(row);
    labels.push(label);
    weights.push(weight);
    if (row % 3 > 0) continue;
    rows.push(row);
    labels.push(1 - label);
    weights.push(counterWeights[row] as number);
  }
  const values = new Float32Array(rows.length * toy.columns);
  for (let column = 0; column < toy.columns; column++) {
    for (const [i, row] of rows.entries())
      values[column * rows.length + i] = coarse.values[column * toy.rows + row] as number;
  }
  return {
    rows,
    counterWeights,
    labels: Int8Array.from(labels),
    weights: Float32Array.from(weights),
    matrix: { values, rows: rows.length, columns: toy.names },
  };
}

describe('a training in a session', () => {
  it('is the training that the same calls make on this thread', async () => {
    const { model, bestIteration, numTrees, evalHistory } = await trainToy();
    const label = Float32Array.from(seenRows, (row) => toy.labels[row] as number);
    const weight = Float32Array.from(seenRows, (row) => toy.weights[row] as number);
    const featureNames = toy.names;
    using seen = Dataset.fromColumns({
      ...toy,
      featureNames,
      selected: seenRows,
      parameters: reproducible,
      label,
      weight,
    });
    using subset = seen.subset(Int32Array.from(trainRows, (row) => seenRows.indexOf(row)));
    using booster = Booster.create(subset, reproducible);
    for (let i = 0; i < 30; i++) booster.updateOneIteration();
    expect(model).toBe(booster.saveToString());
    expect({ bestIteration, numTrees, evalHistory }).toEqual({
      bestIteration: 30,
      numTrees: 30,
      evalHistory: {},
    });
  });

  it('is the same with labels and a matrix that are not on shared memory', async () => {
    const dataset = await session.createDataset({
      matrix: { ...matrix, values: toy.values },
      selected: seenRows,
      parameters: reproducible,
    });
    const labels = Float32Array.from(toy.labels);
    const { weights } = toy;
    const request = { dataset, trainRows, labels, weights, parameters: reproducible, maxRounds: 30 };
    const { model } = await session.train(request);
    expect(model).toBe((await trainToy()).model);
  });

  it('does not look at rows that it is not given', async () => {
    const values = onSharedMemory(toy.values);
    const [labels, weights] = [toy.labels.slice(), toy.weights.slice()];
    for (const row of testRows) {
      for (let column = 0; column < toy.columns; column++) values[column * toy.rows + row] = 1e6 * row;
      labels[row] = 1 - (labels[row] as number);
      weights[row] = Number.NaN;
    }
    const dataset = await session.createDataset({
      matrix: { ...matrix, values },
      selected: seenRows,
      parameters: reproducible,
    });
    const result = await session.train({
      dataset,
      trainRows,
      validationRows,
      labels,
      weights,
      parameters: reproducible,
      maxRounds: 30,
    });
    expect(result).toEqual(await trainToy({ validationRows }));
  });

  it('stops early, keeps the best iteration and tells its history', async () => {
    const parameters = { ...reproducible, learning_rate: 0.3, metric: ['binary_logloss', 'auc'] };
    const request = { parameters, validationRows, maxRounds: 500 };
    const stopped = await trainToy({ ...request, earlyStoppingRounds: 10, earlyStoppingMetric: 'auc' });
    const auc = Array.from(stopped.evalHistory.auc ?? []);
    expect(auc).toHaveLength(stopped.bestIteration + 10);
    expect(auc.indexOf(Math.max(...auc)) + 1).toBe(stopped.bestIteration);
    expect(stopped.evalHistory.binary_logloss).toHaveLength(auc.length);

    const scores = await predictToy(stopped.model, validationRows);
    const labels = Array.from(validationRows, (row) => toy.labels[row] as number);
    const weights = Array.from(validationRows, (row) => toy.weights[row] as number);
    expect(pairwiseAuc(scores, labels, weights)).toBeCloseTo(Math.max(...auc), 9);

    const known = await trainToy({ parameters, maxRounds: stopped.bestIteration });
    expect(await predictToy(stopped.model)).toEqual(await predictToy(known.model));
    expect(stopped.numTrees).toBe(stopped.bestIteration);
  });

  it('teaches rows with a counter-weight twice, as a matrix would in which they stand twice', async () => {
    const doubled = doubledToy();
    const parameters = { ...reproducible, bagging_fraction: 0.8, bagging_freq: 1, min_data_in_bin: 1 };
    const shared = { parameters, maxRounds: 500, earlyStoppingRounds: 10 };
    const counted = await session.train({
      ...shared,
      dataset: await session.createDataset({ matrix: coarse, parameters }),
      trainRows,
      validationRows,
      labels: toy.labels,
      weights: toy.weights,
      counterWeights: doubled.counterWeights,
    });
    const part = (isIn: (row: number) => boolean) =>
      everyRow(doubled.rows.length).filter((i) => isIn(doubled.rows[i] as number));
    const twice = await session.train({
      ...shared,
      dataset: await session.createDataset({ matrix: doubled.matrix, parameters }),
      trainRows: part((row) => row % 5 > 1),
      validationRows: part((row) => row % 5 === 1),
      labels: doubled.labels,
      weights: doubled.weights,
    });
    expect(counted.bestIteration).toBeGreaterThan(3);
    expect(counted).toEqual({ ...twice, model: expect.any(String) });
    const trees = (model: string) => model.slice(model.indexOf('Tree=0'), model.indexOf('end of trees'));
    expect(trees(counted.model)).toBe(trees(twice.model));
    const plain = await session.train({
      ...shared,
      dataset: await session.createDataset({ matrix: coarse, parameters }),
      trainRows,
      validationRows,
      labels: toy.labels,
      weights: toy.weights,
    });
    expect(trees(plain.model)).not.toBe(trees(counted.model));
  });

  it('is the same with counter-weights that are all 0', async () => {
    const { model } = await trainToy({ validationRows, counterWeights: new Float32Array(toy.rows) });
    expect(model).toBe((await trainToy({ validationRows })).model);
  });

  it('runs to the end without early stopping, also with validation rows', async () => {
    const { bestIteration, evalHistory } = await trainToy({ validationRows, maxRounds: 12 });
    expect(bestIteration).toBe(12);
    expect(evalHistory.binary_logloss).toHaveLength(12);
  });

  it('learns what can be learned', async () => {
    const { model } = await trainToy({ validationRows, earlyStoppingRounds: 10, maxRounds: 500 });
    const labels = Array.from(testRows, (row) => toy.labels[row] as number);
    expect(pairwiseAuc(await predictToy(model, testRows), labels)).toBeGreaterThan(0.85);
  });

  it('gives the same bytes again, in another session, too', async () => {
    const parameters = { ...reproducible, bagging_fraction: 0.7, bagging_freq: 1, feature_fraction: 0.7 };
    const first = await trainToy({ parameters });
    const second = await trainToy({ parameters });
    const other = session;
    session = await openLightGBMSession();
    const third = await trainToy({ parameters });
    await session.dispose();
    session = other;
    expect(second.model).toBe(first.model);
    expect(third.model).toBe(first.model);
  });

  it('shares bins between trainings, and frees them when the last is done', async () => {
    const dataset = await session.createDataset({ matrix, parameters: reproducible });
    const request = { dataset, labels: toy.labels, parameters: reproducible, maxRounds: 5 };
    const folds = [0, 1].map((part) =>
      session.train({ ...request, trainRows: everyRow(toy.rows, { start: part, step: 2 }) }),
    );
    const disposed = dataset.dispose();
    const [even, odd] = await Promise.all(folds);
    await disposed;
    expect(even?.model).not.toBe(odd?.model);
    await expect(session.train({ ...request, trainRows })).rejects.toMatchObject({
      code: 'LIGHTGBM_DISPOSED',
    });
    await dataset.dispose();
  });

  it('ranks within the queries of its rows', async () => {
    const queryIds = Int32Array.from({ length: toy.rows }, (_, row) => Math.floor(row / 50));
    const parameters = { ...reproducible, objective: 'lambdarank', metric: 'ndcg', eval_at: [10] };
    const result = await trainToy({ queryIds, parameters, validationRows });
    const ndcg = result.evalHistory['ndcg@10'] ?? [];
    expect(ndcg[29]).toBeGreaterThan(ndcg[0] as number);
    const mixed = Int32Array.from({ length: toy.rows }, (_, row) => row % 3);
    await expect(trainToy({ queryIds: mixed, parameters })).rejects.toMatchObject({ code: 'LIGHTGBM_DATA' });
  });
});

describe('progress', () => {
  it('comes with the first and the last iteration, and at most about ten times a second', async () => {
    const reports: IterationReport[] = [];
    const started = performance.now();
    const { evalHistory } = await trainToy({
      validationRows,
      maxRounds: 400,
      onProgress: (report) => reports.push(report),
    });
    const seconds = (performance.now() - started) / 1000;
    expect(reports[0]).toMatchObject({ iteration: 1, maxIterations: 400 });
    expect(reports.at(-1)).toEqual({
      iteration: 400,
      maxIterations: 400,
      metric: { name: 'binary_logloss', value: evalHistory.binary_logloss?.[399] },
    });
    expect(reports.length).toBeLessThanOrEqual(2 + seconds * 10);
  });

  it('that cannot be shown ends the training with the reason', async () => {
    const reason = new Error('the terminal is gone');
    const onProgress = () => {
      throw reason;
    };
    await expect(trainToy({ maxRounds: 100_000, onProgress })).rejects.toBe(reason);
  });
});

describe('cancelling', () => {
  it('ends a training while the event loop stays free', async () => {
    const controller = new AbortController();
    let ticks = 0;
    let iterations = 0;
    const timer = setInterval(() => {
      ticks += 1;
      if (ticks === 20) controller.abort();
    }, 10);
    const training = trainToy({
      maxRounds: 100_000,
      signal: controller.signal,
      onProgress: ({ iteration }) => {
        iterations = iteration;
      },
    });
    await expect(training).rejects.toMatchObject({
      code: 'CANCELLED',
      category: 'cancelled',
      name: 'CancelledError',
    });
    clearInterval(timer);
    expect(ticks).toBeGreaterThanOrEqual(20);
    expect(iterations).toBeGreaterThan(0);
    expect(iterations).toBeLessThan(100_000);
    expect((await trainToy({ maxRounds: 2 })).bestIteration).toBe(2);
  });

  it('beforehand leaves the worker in peace', async () => {
    const signal = AbortSignal.abort();
    const cancelled = { code: 'CANCELLED' };
    await expect(trainToy({ signal })).rejects.toMatchObject(cancelled);
    await expect(session.createDataset({ matrix, signal })).rejects.toMatchObject(cancelled);
    await expect(openLightGBMSession({ signal })).rejects.toMatchObject(cancelled);
  });

  it('reaches work that is still waiting', async () => {
    const controller = new AbortController();
    const { model } = await trainToy({ maxRounds: 2 });
    const loaded = await session.loadModel(model);
    const dataset = await session.createDataset({ matrix });
    const { signal } = controller;
    const running = session.train({ dataset, trainRows, labels: toy.labels, maxRounds: 100_000, signal });
    const waiting = loaded.predict({ matrix, signal });
    setTimeout(() => controller.abort(), 50);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
    await dataset.dispose();
    await loaded.dispose();
  });

  it('a whole session ends what it is doing, and the session', async () => {
    const controller = new AbortController();
    const own = await openLightGBMSession({ signal: controller.signal });
    const dataset = await own.createDataset({ matrix });
    const training = own.train({ dataset, trainRows, labels: toy.labels, maxRounds: 100_000 });
    setTimeout(() => controller.abort(), 50);
    await expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(own.loadModel('')).rejects.toMatchObject({ code: 'LIGHTGBM_DISPOSED' });
    await own.dispose();
  });

  it('by disposing of the session ends what it is doing', async () => {
    const own = await openLightGBMSession();
    const dataset = await own.createDataset({ matrix });
    const training = own.train({ dataset, trainRows, labels: toy.labels, maxRounds: 100_000 });
    const ended = expect(training).rejects.toMatchObject({ code: 'CANCELLED' });
    await own.dispose();
    await ended;
    await dataset.dispose();
  });
});

describe('a model in a session', () => {
  it('predicts like a booster on this thread, row by row the same bits', async () => {
    const { model } = await trainToy();
    using booster = Booster.fromString(model);
    const loaded = await session.loadModel(model);
    const all = await loaded.predict({ matrix });
    expect(all).toEqual(booster.predict(toy));
    expect(await loaded.predict({ matrix, output: 'contrib' })).toEqual(
      booster.predict({ ...toy, output: 'contrib' }),
    );
    expect(await loaded.predict({ matrix, output: 'raw', numIteration: 3 })).toEqual(
      booster.predict({ ...toy, output: 'raw', numIteration: 3 }),
    );
    const selected = Int32Array.of(5, 1999, 5);
    const some = [all[5], all[1999], all[5]];
    expect(Array.from(await loaded.predict({ matrix, selected }))).toEqual(some);
    const unshared = { ...matrix, values: toy.values };
    expect(Array.from(await loaded.predict({ matrix: unshared, selected }))).toEqual(some);
    expect(await loaded.predict({ matrix, selected: new Int32Array(0) })).toEqual(new Float64Array(0));
    await loaded.dispose();
    await loaded.dispose();
    await expect(loaded.predict({ matrix })).rejects.toMatchObject({ code: 'LIGHTGBM_DISPOSED' });
  });

  it('says what it is', async () => {
    const { model } = await trainToy({ maxRounds: 7 });
    const loaded = await session.loadModel(model);
    using booster = Booster.fromString(model);
    expect(loaded.featureNames).toEqual(toy.names);
    expect(loaded.numTrees).toBe(7);
    expect(loaded.gains).toEqual(booster.featureImportance('gain'));
    expect(loaded.splits).toEqual(booster.featureImportance('split'));
    const written = /^split_feature=(.*)$/gm;
    const splits = Array.from(model.matchAll(written), ([, list]) =>
      (list ?? '').split(' ').map(Number),
    ).flat();
    expect(Array.from(loaded.splits)).toEqual(
      toy.names.map((_, feature) => splits.filter((at) => at === feature).length),
    );
    await loaded.dispose();
  });

  it.each([
    { what: 'other columns', columns: [...toy.names.slice(1), 'other'] },
    { what: 'columns in another order', columns: toy.names.toReversed() },
  ])('refuses $what', async ({ columns }) => {
    const { model } = await trainToy({ maxRounds: 1 });
    const loaded = await session.loadModel(model);
    await expect(loaded.predict({ matrix: { ...matrix, columns } })).rejects.toMatchObject({
      code: 'LIGHTGBM_DATA',
    });
    await loaded.dispose();
  });

  it('must be one', async () => {
    await expect(session.loadModel('no model')).rejects.toMatchObject({
      code: 'LIGHTGBM_MODEL_INVALID',
      category: 'model',
      name: 'LightGBMModelError',
    });
  });
});

describe('a request that cannot be meant', () => {
  it.each<{ what: string; change: Change; code: string }>([
    { what: 'too few labels', change: { labels: new Int8Array(7) }, code: 'LIGHTGBM_DATA' },
    { what: 'too many weights', change: { weights: new Float32Array(9999) }, code: 'LIGHTGBM_DATA' },
    {
      what: 'too few counter-weights',
      change: { counterWeights: new Float32Array(3) },
      code: 'LIGHTGBM_DATA',
    },
    { what: 'no training rows', change: { trainRows: new Int32Array(0) }, code: 'LIGHTGBM_DATA' },
    { what: 'rows that are not in the bins', change: { trainRows: testRows }, code: 'LIGHTGBM_DATA' },
    { what: 'rows that are nowhere', change: { validationRows: Int32Array.of(-1) }, code: 'LIGHTGBM_DATA' },
    { what: 'rows out of order', change: { trainRows: trainRows.toReversed() }, code: 'LIGHTGBM_DATA' },
    { what: 'no rounds', change: { maxRounds: 0 }, code: 'LIGHTGBM_DATA' },
    { what: 'half a round', change: { earlyStoppingRounds: 0.5, validationRows }, code: 'LIGHTGBM_DATA' },
    {
      what: 'rounds as a parameter',
      change: { parameters: { num_iterations: 9 } },
      code: 'LIGHTGBM_PARAMETER',
    },
    { what: 'an unknown parameter', change: { parameters: { num_leavs: 9 } }, code: 'LIGHTGBM_PARAMETER' },
    {
      what: 'an unknown objective',
      change: { parameters: { objective: 'guess' } },
      code: 'LIGHTGBM_CALL_FAILED',
    },
    {
      what: 'other bins than there are',
      change: { parameters: { max_bin: 9 } },
      code: 'LIGHTGBM_CALL_FAILED',
    },
    {
      what: 'an unknown early-stopping metric',
      change: { validationRows, earlyStoppingRounds: 5, earlyStoppingMetric: 'auc' },
      code: 'LIGHTGBM_DATA',
    },
    {
      what: 'early stopping of dart',
      change: { validationRows, earlyStoppingRounds: 5, parameters: { boosting: 'dart' } },
      code: 'LIGHTGBM_DATA',
    },
  ])('is refused: $what', async ({ change, code }) => {
    await expect(trainToy(change)).rejects.toMatchObject({ code });
  });

  it('is refused: a name for only one of two columns', async () => {
    const nameless = session.createDataset({ matrix: { ...matrix, columns: toy.names.slice(1) } });
    await expect(nameless).rejects.toMatchObject({ code: 'LIGHTGBM_DATA' });
  });
});
