import {
  type FeatureMatrix,
  InvalidInputError,
  type ModelTrainer,
  SingleClassError,
  type TrainingProgress,
  UnsupportedSpecificationError,
} from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { openOnnxScorer, proveParity, readOnnxMetadata } from '@risk-scoring/onnx';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { describe, expect, it } from 'vitest';
import { createEnsembleTrainer } from './ensemble-trainer.ts';
import type { EnsembleTrainerOptions } from './options.ts';
import { makeProblem, smallLightGBM } from './testing/problem.ts';
import { type Watched, watchTrainer } from './testing/watch-trainer.ts';

const { request, data, labels, all } = makeProblem();
const splitter = createAddressSplitter();
const forest = () => createIsolationForestTrainer({ trees: 20 });

async function parity(trainer: ModelTrainer, matrix: FeatureMatrix = data) {
  const model = await trainer.train(request);
  const raw = await model.predict(matrix, { output: 'raw' });
  const probability = await model.predict(matrix);
  const bytes = (await model.artifacts()).find(({ role }) => role === 'onnx')?.bytes ?? new Uint8Array();
  const scorer = await openOnnxScorer(bytes, { sessions: 1 });
  const report = await proveParity({ scorer, matrix, rows: all, native: { raw, probability } });
  await scorer.dispose();
  const description = model.describe();
  await model.dispose();
  return { report, raw, probability, description, metadata: readOnnxMetadata(bytes) };
}

/** What the models of watched trainers, trained again on what they were trained on, say of all rows. */
async function alone(watched: Watched, output: 'raw' | 'probability'): Promise<Float64Array> {
  const last = watched.trainings.at(-1);
  if (last === undefined) throw new Error('nothing was trained');
  const { prepared: _, ...request } = last.request;
  const model = await watched.trainer.train(request);
  return model.predict(data, { output }).finally(() => model.dispose());
}

describe('createEnsembleTrainer', () => {
  it('averages probabilities by weight, and its ONNX file does the same', async () => {
    const members = [smallLightGBM(), smallLightGBM({ num_leaves: 15 }), forest()].map((one) =>
      watchTrainer(one),
    );
    const weights = [2, 1, 0.5];
    const trainer = createEnsembleTrainer({
      members: members.map((watched, i) => ({ trainer: watched.trainer, weight: weights[i] })),
      method: 'average',
    });
    const found = await parity(trainer);
    const single = await Promise.all(members.map((watched) => alone(watched, 'probability')));
    const expected = single[0].map((p, row) => (2 * p + 1 * single[1][row] + 0.5 * single[2][row]) / 3.5);
    expect(found.probability).toEqual(expected);
    expect(found.raw).toEqual(expected.map((p) => Math.log(p / (1 - p))));
    expect(found.report.maxProbabilityDifference).toBeLessThan(1e-6);
    expect(JSON.parse(found.metadata.properties.ensemble)).toEqual({
      method: 'average',
      weights,
      members: [
        { name: 'lightgbm', trainer: 'lightgbm' },
        { name: 'lightgbm-2', trainer: 'lightgbm' },
        { name: 'isolation-forest', trainer: 'isolation-forest' },
      ],
    });
  });

  it('stacks log-odds by the coefficients that it describes, and its ONNX file does the same', async () => {
    const members = [smallLightGBM(), forest()].map((one) => watchTrainer(one));
    const trainer = createEnsembleTrainer({
      members: members.map(({ trainer }) => ({ trainer })),
      method: 'stacking',
      splitter,
      folds: 3,
    });
    const { raw, probability, description, report } = await parity(trainer);
    const { intercept, coefficients } = description.hyperparameters as {
      intercept: number;
      coefficients: readonly number[];
    };
    const single = await Promise.all(members.map((watched) => alone(watched, 'probability')));
    for (const row of all) {
      const z = single.reduce(
        (sum, p, i) => sum + coefficients[i] * Math.log(p[row] / (1 - p[row])),
        intercept,
      );
      expect(Math.abs(raw[row] - z)).toBeLessThan(1e-12);
      expect(Math.abs(probability[row] - 1 / (1 + Math.exp(-z)))).toBeLessThan(1e-12);
    }
    expect(report.maxProbabilityDifference).toBeLessThan(1e-6);
  });

  it('averages the raw scores of rankers', async () => {
    const ranker = (num_leaves: number) =>
      watchTrainer(
        createLightGBMTrainer({
          modelType: 'alert_ranker',
          maxRounds: 10,
          threads: 1,
          parameters: { num_leaves },
        }),
      );
    const members = [ranker(5), ranker(9)];
    const trainer = createEnsembleTrainer({
      members: members.map(({ trainer }, i) => ({ trainer, weight: 1 + 2 * i })),
      method: 'average',
    });
    expect(trainer).toMatchObject({ modelTypes: ['alert_ranker'], takesCounterWeights: false });
    const { raw, probability, metadata } = await parity(trainer);
    const single = await Promise.all(members.map((watched) => alone(watched, 'raw')));
    expect(raw).toEqual(single[0].map((score, row) => (score + 3 * single[1][row]) / 4));
    expect(probability).toEqual(raw);
    expect(metadata.link).toBe('identity');
  });

  it('takes an ensemble for a member, by ONNX, by its file and in a refit', async () => {
    const inner = createEnsembleTrainer({
      members: [{ trainer: smallLightGBM() }, { trainer: forest() }],
      method: 'stacking',
      splitter,
      folds: 2,
    });
    const outer = createEnsembleTrainer({
      members: [{ trainer: inner }, { trainer: smallLightGBM() }],
      method: 'average',
    });
    const { report, description, probability } = await parity(outer);
    expect(report.maxProbabilityDifference).toBeLessThan(1e-6);
    const model = await outer.train({ ...request, refitOf: description });
    expect(model.describe().members?.[0].hyperparameters.coefficients).toEqual(
      description.members?.[0].hyperparameters.coefficients,
    );
    const loaded = await outer.load(await model.artifacts());
    expect(await loaded.predict(data)).toEqual(await model.predict(data));
    expect(probability).toHaveLength(data.rows);
    await loaded.dispose();
    await model.dispose();
  });

  it('trains two members of one trainer with seeds of their own', async () => {
    const members = [watchTrainer(smallLightGBM()), watchTrainer(smallLightGBM())];
    const trainer = createEnsembleTrainer({
      members: members.map(({ trainer }) => ({ trainer })),
      method: 'average',
    });
    await (await trainer.train(request)).dispose();
    const seeds = members.map(({ trainings }) => trainings[0].request.seed);
    expect(seeds[0]).not.toBe(seeds[1]);
    const [one, other] = await Promise.all(members.map((watched) => alone(watched, 'raw')));
    expect(one).not.toEqual(other);
    const before = [...seeds];
    await (await trainer.train(request)).dispose();
    expect(members.map(({ trainings }) => trainings[1].request.seed)).toEqual(before);
  });

  it('describes itself and its members', async () => {
    const trainer = createEnsembleTrainer({
      members: [
        { trainer: smallLightGBM(), name: 'quick', weight: 3 },
        { trainer: forest(), name: 'unusual' },
      ],
      method: 'average',
    });
    expect(trainer.hyperparameters).toMatchObject({
      method: 'average',
      members: [
        { name: 'quick', trainer: 'lightgbm', weight: 3, hyperparameters: { num_leaves: 7 } },
        { name: 'unusual', trainer: 'isolation-forest', weight: 1, hyperparameters: { trees: 20 } },
      ],
    });
    const model = await trainer.train(request);
    const { members = [], ...description } = model.describe();
    await model.dispose();
    expect(description.hyperparameters).toMatchObject({ ...trainer.hyperparameters, seed: 42 });
    expect(description.numTrees).toBe(members[0].numTrees + 20);
    expect(description.bestIteration).toBe(Math.max(20, members[0].bestIteration));
    const shares = members.map(({ importances }) => {
      const total = importances.reduce((sum, gain) => sum + gain, 0);
      return importances.map((gain) => gain / total);
    });
    for (const [i, share] of description.importances.entries())
      expect(share).toBeCloseTo((3 * shares[0][i] + shares[1][i]) / 4, 12);
    expect(description).not.toHaveProperty('splits');
    expect(Object.keys(description.libraries).sort()).toEqual([
      '@risk-scoring/trainer-ensemble',
      '@risk-scoring/trainer-isolation-forest',
      'lightgbm',
    ]);
  });

  it('sums up the splits of members that are all made of trees', async () => {
    const members = [{ trainer: smallLightGBM() }, { trainer: smallLightGBM() }];
    const model = await createEnsembleTrainer({ members, method: 'average' }).train(request);
    const { splits, members: described = [] } = model.describe();
    await model.dispose();
    const [first, second] = described.map((member) => member.splits ?? []);
    expect(splits).toEqual(first.map((count, i) => count + second[i]));
    expect(Math.max(...first)).toBeGreaterThan(0);
  });

  it('counts the iterations of all trainings as one', async () => {
    const seen: TrainingProgress[] = [];
    const trainer = createEnsembleTrainer({
      members: [{ trainer: smallLightGBM({}, 10), name: 'short' }, { trainer: smallLightGBM({}, 30) }],
      method: 'stacking',
      splitter,
      folds: 2,
    });
    const onProgress = (progress: TrainingProgress) => seen.push(progress);
    await (await trainer.train({ ...request, validationRows: new Int32Array(), onProgress })).dispose();
    const iterations = seen.map(({ iteration }) => iteration);
    expect(iterations).toEqual([...new Set(iterations)].sort((a, b) => a - b));
    // The ends of two folds, each of two members, and of the members on all rows.
    for (const end of [10, 40, 50, 80, 90, 120]) expect(iterations).toContain(end);
    expect(seen.at(-1)?.maxIterations).toBe(120);
    expect(seen.every(({ iteration, maxIterations }) => iteration <= maxIterations)).toBe(true);
    const watching: TrainingProgress[] = [];
    await (await trainer.train({ ...request, onProgress: (progress) => watching.push(progress) })).dispose();
    expect(watching[0].metric?.name).toBe('binary_logloss of short');
    expect(watching.at(-1)).toMatchObject({ iteration: 120, maxIterations: 120 });
  });

  it('gives counter-weights to all supervised members, or to none', async () => {
    const counterWeights = new Float32Array(data.rows).fill(0.25);
    const taking = watchTrainer(smallLightGBM());
    const unsupervised = watchTrainer(forest());
    const withForest = createEnsembleTrainer({
      members: [{ trainer: taking.trainer }, { trainer: unsupervised.trainer }],
      method: 'average',
    });
    expect(withForest).toMatchObject({ takesCounterWeights: true, unsupervised: false });
    await (await withForest.train({ ...request, counterWeights })).dispose();
    expect(taking.trainings[0].request.counterWeights).toBe(counterWeights);
    expect(unsupervised.trainings[0].request).not.toHaveProperty('counterWeights');

    const ignoring = watchTrainer(smallLightGBM(), { takesCounterWeights: false });
    const mixed = createEnsembleTrainer({
      members: [{ trainer: taking.trainer }, { trainer: ignoring.trainer }],
      method: 'average',
    });
    expect(mixed.takesCounterWeights).toBe(false);
    await (await mixed.train({ ...request, counterWeights })).dispose();
    for (const { trainings } of [taking, ignoring])
      expect(trainings.at(-1)?.request).not.toHaveProperty('counterWeights');
  });

  it('is unsupervised where all members are and nothing is stacked', async () => {
    const members = [{ trainer: forest() }, { trainer: forest() }];
    const average = createEnsembleTrainer({ members, method: 'average' });
    expect(average).toMatchObject({
      unsupervised: true,
      takesCounterWeights: false,
      modelTypes: ['alert_scorer', 'cluster_scorer'],
    });
    const unlabelled = { labels: labels.map(() => -1), weights: new Float32Array(data.rows) };
    const model = await average.train({ ...request, ...unlabelled });
    const labelled = await average.train(request);
    expect(await model.predict(data)).toEqual(await labelled.predict(data));
    await labelled.dispose();
    await model.dispose();
    const stacked = createEnsembleTrainer({ members, method: 'stacking', splitter });
    expect(stacked).toMatchObject({ unsupervised: false, takesCounterWeights: true });
    await expect(stacked.train({ ...request, ...unlabelled })).rejects.toThrow(InvalidInputError);
  });

  it('takes as much memory as its largest member', () => {
    const shape = { rows: 1000, columns: 10 };
    const frugal = { ...forest(), estimateMemory: () => 5_000 };
    const greedy = { ...forest(), estimateMemory: () => 200_000 };
    const of = (...trainers: ModelTrainer[]) =>
      createEnsembleTrainer({
        members: trainers.map((trainer) => ({ trainer })),
        method: 'average',
      }).estimateMemory?.(shape);
    expect(of(frugal)).toBe(5_000);
    expect(of(frugal, greedy)).toBe(200_000);
    expect(of(frugal, smallLightGBM())).toBe(80_000);
  });

  const one = { trainer: smallLightGBM() };
  const ranker = { trainer: createLightGBMTrainer({ modelType: 'alert_ranker' }) };
  it.each<[string, Partial<EnsembleTrainerOptions>, RegExp]>([
    ['no member', { members: [] }, /at least one trainer/],
    ['an unknown method', { method: 'vote' as never }, /'average' or 'stacking'.*'vote'/],
    ['a weight of 0', { members: [one, { ...one, weight: 0 }] }, /'lightgbm-2'.*above 0.*Found: 0/],
    ['a weight below 0', { members: [{ ...one, weight: -1 }] }, /above 0/],
    ['a weight that is no number', { members: [{ ...one, weight: Number.NaN }] }, /NaN/],
    ['an infinite weight', { members: [{ ...one, weight: 1 / 0 }] }, /Infinity/],
    ['an empty name', { members: [{ ...one, name: ' ' }] }, /name of a member/],
    ['two members of one name', { members: [1, 2].map(() => ({ ...one, name: 'a' })) }, /'a' twice/],
    ['scorers with rankers', { members: [one, ranker] }, /lightgbm-2: alert_ranker/],
    [
      'a type that not all have',
      { members: [{ trainer: forest() }], modelType: 'alert_ranker' },
      /alert_ranker/,
    ],
    ['an unknown type', { modelType: 'scorer' as never }, /one of alert_scorer/],
    ['stacked rankers', { members: [ranker], method: 'stacking', splitter }, /ensemble of rankers/],
    ['stacking without a splitter', { method: 'stacking' }, /createAddressSplitter/],
    ['stacking with weights', { method: 'stacking', splitter, members: [{ ...one, weight: 2 }] }, /weight/],
    ['one fold', { method: 'stacking', splitter, folds: 1 }, /at least 2/],
    ['a ridge of 0', { method: 'stacking', splitter, ridge: 0 }, /ridge/],
  ])('refuses %s', (_, change, message) => {
    const make = () => createEnsembleTrainer({ members: [one], method: 'average', ...change });
    expect(make).toThrow(InvalidInputError);
    expect(make).toThrow(message);
  });

  it('refuses a member of another contract, and labels of one class', async () => {
    const foreign = { ...forest(), specificationVersion: 'v0' as never };
    const make = () => createEnsembleTrainer({ members: [{ trainer: foreign }], method: 'average' });
    expect(make).toThrow(UnsupportedSpecificationError);
    const trainer = createEnsembleTrainer({ members: [one], method: 'average' });
    const ones = new Int8Array(data.rows).fill(1);
    await expect(trainer.train({ ...request, labels: ones })).rejects.toThrow(SingleClassError);
  });

  it('gives names that are free to members without one', () => {
    const members = [one, { ...one, name: 'lightgbm-2' }, one, { trainer: forest() }];
    const { hyperparameters } = createEnsembleTrainer({ members, method: 'average' });
    const names = (hyperparameters.members as readonly { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['lightgbm', 'lightgbm-2', 'lightgbm-3', 'isolation-forest']);
  });
});
