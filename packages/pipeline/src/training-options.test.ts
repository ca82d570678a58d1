import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  ModelTrainer,
  Split,
  SplitRequest,
  Splitter,
  TrainedModel,
  TrainRequest,
} from '@risk-scoring/contract';
import { createTemporalSplitter, rocAuc } from '@risk-scoring/evaluation';
import {
  createAddressLabelStrategy,
  createProxyLabelStrategy,
  createSemiSupervisedLabelStrategy,
} from '@risk-scoring/labels';
import { readStoredModel } from '@risk-scoring/model-storage';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitterByName, trainerByName } from './registry.ts';
import { scoreSnapshot } from './scoring/score-snapshot.ts';
import { dryRunTraining, trainModel } from './train-model.ts';
import type { TrainOptions } from './train-options.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-options-'));
let database: Database;
let options: TrainOptions;
let dates: readonly string[];

const small = { maxRounds: 20, earlyStoppingRounds: 5 };

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'optnet', seed: 5, snapshots: 6, alerts: 3000 });
  ({ database } = await initDatabase({ network: 'optnet', dataDir: folder }));
  dates = (await ingestSnapshots(database, { from: snapshots })).map(({ processingDate }) => processingDate);
  options = {
    period: {
      network: 'optnet',
      startDate: dates[0] ?? '',
      endDate: dates.at(-1) ?? '',
      windowDays: 30,
    },
    modelType: 'alert_scorer',
    labelStrategy: createAddressLabelStrategy(),
    trainer: createLightGBMTrainer(small),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
    cvFolds: 3,
  };
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The first snapshot alone: over several dates, clusters of simulated data hang together. */
const oneSnapshot = () => ({ period: { ...options.period, endDate: dates[0] ?? '' }, cvFolds: 2 });

/** A trainer that notes what its trainings and models are given. */
function watched(trainer: ModelTrainer) {
  const requests: TrainRequest[] = [];
  const predicted: (Int32Array | undefined)[] = [];
  const spy: ModelTrainer = {
    ...trainer,
    async train(request) {
      requests.push(request);
      const model = await trainer.train(request);
      return {
        ...model,
        predict: (data, which) => {
          predicted.push(which?.rows);
          return model.predict(data, which);
        },
      };
    },
  };
  return { spy, requests, predicted };
}

const datesOf = ({ data }: TrainRequest, rows: Int32Array) =>
  Array.from(rows, (row) => data.keys.processingDates[row] ?? 0);

describe('splits', () => {
  it('temporal: learns from the past alone, in every fold, and says what both sides have seen', async () => {
    const { spy, requests } = watched(options.trainer);
    const splitter = createTemporalSplitter({ purgeDays: 2 });
    const { metadata } = await trainModel(database, { ...options, trainer: spy, splitter, cvFolds: 2 });
    expect(metadata.split).toMatchObject({ method: 'temporal', group_by: 'address' });
    expect(metadata.split.shared_window_share).toBeGreaterThan(0);
    expect(metadata.leakage_check.groups_on_both_sides?.share).toBeGreaterThan(0);
    const last = requests.at(-1);
    if (last === undefined) throw new Error('nothing was trained');
    const newest = Math.max(...last.data.keys.processingDates);
    for (const request of requests) {
      const learned = datesOf(request, Int32Array.of(...request.trainRows, ...request.validationRows));
      expect(Math.max(...learned)).toBeLessThan(newest - 2);
    }
    expect(requests).toHaveLength(3);
  });

  it('temporal with unseen addresses only: no address is on both sides', async () => {
    const splitter = splitterByName('temporal', { unseenOnly: true });
    const { metadata } = await trainModel(database, { ...options, splitter, cvFolds: 2 });
    expect(metadata.leakage_check.groups_on_both_sides).toEqual({ groups: 0, share: 0 });
  });

  it('random: says that it overstates, and by how many addresses', async () => {
    const { metadata } = await trainModel(database, { ...options, splitter: splitterByName('random') });
    expect(metadata.split.guarantee).toMatch(/overstate/);
    expect(metadata.leakage_check.groups_on_both_sides?.share).toBeGreaterThan(0.5);
    expect(metadata.leakage_check.passed).toBe(true);
  });

  it('keeps whole clusters on one side', async () => {
    const { spy, requests } = watched(options.trainer);
    const wanted = { ...options, ...oneSnapshot(), trainer: spy, groupBy: 'cluster' as const };
    const saved = await trainModel(database, wanted);
    expect(saved.metadata.split.group_by).toBe('cluster');
    const { holdoutGroups } = await readStoredModel(saved.metadataPath);
    const judged = new Set(holdoutGroups);
    const { data } = requests[0] as TrainRequest;
    const learned = new Set(
      requests
        .flatMap(({ trainRows, validationRows }) => [...trainRows, ...validationRows])
        .map((row) => data.splitGroupNames[data.splitGroups[row] ?? -1] ?? ''),
    );
    const clusters = await database.query<{ members: string[] }>({
      sql: 'SELECT addresses_involved AS members FROM published_clusters WHERE processing_date = {date:Date}',
      params: { date: dates[0] },
      doing: 'reading clusters',
    });
    const torn = clusters.filter(
      ({ members }) => members.some((one) => judged.has(one)) && members.some((one) => learned.has(one)),
    );
    expect(clusters.some(({ members }) => members.some((one) => judged.has(one)))).toBe(true);
    expect(torn).toEqual([]);
  });

  it('says so where clusters hang together, and lets them be split by date', async () => {
    await expect(
      trainModel(database, { ...options, modelType: 'cluster_scorer', cvFolds: 20 }),
    ).rejects.toMatchObject({ code: 'CLUSTERS_NOT_DIVIDABLE' });
    const splitter = createTemporalSplitter();
    const { metadata } = await trainModel(database, {
      ...options,
      modelType: 'cluster_scorer',
      splitter,
      cvFolds: 2,
    });
    expect(metadata.metrics.cv_scores).toHaveLength(2);
  });

  it('refuses to purge where nothing is divided by date', () => {
    expect(() => splitterByName('address', { purgeDays: 3 })).toThrow(/--split temporal/);
  });
});

describe('model types', () => {
  it('cluster_scorer: learns from clusters, whose labels are those of their members', async () => {
    const wanted = { ...options, ...oneSnapshot(), modelType: 'cluster_scorer' as const };
    const { metadata } = await trainModel(database, wanted);
    expect(metadata).toMatchObject({ model_type: 'cluster_scorer', label_strategy: 'address' });
    expect(metadata.feature_names).toContain('total_alerts');
    expect(metadata.metrics.test_auc).not.toBeNull();
    const [counted] = await database.query<{ clusters: number }>({
      sql: 'SELECT toFloat64(count()) AS clusters FROM published_clusters WHERE processing_date = {date:Date}',
      params: { date: dates[0] },
      doing: 'counting',
    });
    expect(metadata.labels?.report).toMatchObject({ clusters: counted?.clusters });
  });

  it('cluster_scorer: a larger share of suspicious members makes fewer clusters suspicious', async () => {
    const count = async (positiveShare: number) =>
      (
        await dryRunTraining(database, {
          ...options,
          splitter: createTemporalSplitter(),
          cvFolds: 2,
          modelType: 'cluster_scorer',
          clusterLabels: { positiveShare },
        })
      ).positives;
    expect(await count(0.2)).toBeLessThan(await count(0.01));
  });

  it('cluster_scorer: refuses strategies that ask models, and grouping by cluster', async () => {
    const wanted = { ...options, modelType: 'cluster_scorer' as const };
    const labelStrategy = createSemiSupervisedLabelStrategy(createAddressLabelStrategy());
    await expect(trainModel(database, { ...wanted, labelStrategy })).rejects.toThrow(/refines its labels/);
    await expect(trainModel(database, { ...wanted, groupBy: 'cluster' })).rejects.toThrow(/leave --group-by/);
    await expect(trainModel(database, { ...options, clusterLabels: { positiveShare: 0.5 } })).rejects.toThrow(
      /--model-type cluster_scorer/,
    );
  });

  it('alert_ranker: orders a snapshot by graded relevance, better than chance', async () => {
    const { spy, requests } = watched(createLightGBMTrainer({ ...small, modelType: 'alert_ranker' }));
    const { metadata } = await trainModel(database, { ...options, modelType: 'alert_ranker', trainer: spy });
    const grades = new Set(
      requests.flatMap(({ relevance, trainRows }) => Array.from(trainRows, (row) => relevance?.[row])),
    );
    expect([...grades].sort()).toEqual([0, 1, 2, 3]);
    const { test_ranking: ranking } = metadata.metrics;
    expect(metadata.metrics.test_auc).toBeNull();
    expect(ranking?.ndcg['10']).toBeGreaterThan(0.5);
    const positives = (ranking?.per_snapshot ?? []).reduce(
      (sum, { positives, rows }) => sum + positives / rows,
      0,
    );
    const byChance = positives / (ranking?.per_snapshot.length ?? 1);
    expect(ranking?.precision_at_k['10']).toBeGreaterThan(byChance);
    expect(metadata.calibration).toEqual({ method: 'none' });
    expect(metadata.threshold).toBeNull();
  });
});

describe('calibration and threshold', () => {
  it('puts the calibration into the ONNX form, and keeps the order of raw scores', async () => {
    for (const calibration of ['platt', 'isotonic'] as const) {
      const { spy } = watched(options.trainer);
      const saved = await trainModel(database, { ...options, trainer: spy, calibration });
      expect(saved.metadata.calibration?.method).toBe(calibration);
      const { artifacts } = await readStoredModel(saved.metadataPath);
      const onnx = artifacts.find(({ role }) => role === 'onnx');
      const scorer = await openOnnxScorer(onnx?.bytes ?? new Uint8Array());
      await scorer.dispose();
      expect(onnx).toBeDefined();
    }
  });

  it('none leaves probabilities as they are, and auto takes the lowest Brier score', async () => {
    const { metadata } = await trainModel(database, options);
    const { method, brier = {} } = metadata.calibration ?? { method: 'none' as const };
    const tried = Object.entries(brier).filter((entry): entry is [string, number] => entry[1] !== null);
    expect(brier[method]).toBe(Math.min(...tried.map(([, score]) => score)));
    const none = await trainModel(database, { ...options, calibration: 'none' });
    expect(none.metadata.calibration).toMatchObject({ method: 'none' });
  });

  it('is refused for a ranker, whose scores are no probabilities', async () => {
    const trainer = createLightGBMTrainer({ ...small, modelType: 'alert_ranker' });
    const wanted = { ...options, modelType: 'alert_ranker', trainer, calibration: 'platt' } as const;
    await expect(trainModel(database, wanted)).rejects.toThrow(/leave --calibration out/);
  });

  it('flags as many alerts a day as the budget allows, and scoring counts them', async () => {
    const thresholdRule = { by: 'budget', alertsPerDay: 25 } as const;
    const { metadata } = await trainModel(database, { ...options, thresholdRule });
    expect(metadata.threshold?.flagged_per_day).toBeLessThanOrEqual(25);
    expect(metadata.threshold?.flagged_per_day).toBeGreaterThan(20);
    const scored = await scoreSnapshot(database, {
      date: dates.at(-1) ?? '',
      windowDays: 30,
      model: metadata.model_id,
    });
    expect(scored.threshold).toBe(metadata.threshold?.threshold);
    expect(scored.flagged).toBeGreaterThan(0);
    expect(scored.flagged).toBeLessThan(scored.alerts);
  });

  it('says so where no threshold does what was asked for', async () => {
    const thresholdRule = { by: 'precision', atLeast: 1 } as const;
    const { metadata } = await trainModel(database, { ...options, thresholdRule });
    if (metadata.threshold?.threshold === null)
      expect(metadata.threshold.reason).toMatch(/highest precision/);
    else expect(metadata.threshold?.precision).toBe(1);
  });
});

describe('the holdout', () => {
  it('is predicted once for each form of the score, and never learned from', async () => {
    const { spy, requests, predicted } = watched(options.trainer);
    await trainModel(database, { ...options, trainer: spy });
    const learned = new Set(
      requests.flatMap(({ trainRows, validationRows }) => [...trainRows, ...validationRows]),
    );
    const groups = new Set(Array.from(learned, (row) => requests[0]?.data.splitGroups[row]));
    const holdout = predicted.at(-1) ?? new Int32Array();
    expect(holdout.some((row) => groups.has(requests[0]?.data.splitGroups[row]))).toBe(false);
    const withHoldout = predicted.filter((rows) => rows?.some((row) => holdout.includes(row)));
    expect(withHoldout).toHaveLength(2);
  });

  it('refits on all labelled rows with as many trees, and keeps the figures of the model before', async () => {
    const { spy, requests } = watched(options.trainer);
    const plain = await trainModel(database, options);
    const { metadata } = await trainModel(database, { ...options, trainer: spy, refitAll: true });
    expect(metadata.metrics).toEqual(plain.metadata.metrics);
    expect(metadata.refit).toEqual({
      rows: metadata.data_stats.num_samples,
      iterations: plain.metadata.best_iteration,
    });
    expect(metadata.num_trees).toBe(plain.metadata.num_trees);
    expect(requests.at(-1)?.trainRows).toHaveLength(metadata.data_stats.num_samples);
    expect(requests.at(-1)?.validationRows).toHaveLength(0);
    const refit = await trainModel(database, { ...options, refitAll: true });
    expect((await readStoredModel(refit.metadataPath)).holdoutGroups).toEqual([]);
    expect(plain.metadata.refit).toBeNull();
  });
});

describe('leakage', () => {
  it('the permutation test is at chance on unseen addresses, and is kept', async () => {
    // Labels that many addresses have: few of the made-up ones are on the true list.
    const labelStrategy = createProxyLabelStrategy();
    const wanted = { ...options, labelStrategy, evaluationLabels: labelStrategy, permutationTest: true };
    const { metadata } = await trainModel(database, wanted);
    const test = metadata.leakage_check.permutation_test;
    const [low, high] = test && 'interval' in test ? test.interval : [1, 0];
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });

  it('the permutation test says why it is not made', async () => {
    const few = await trainModel(database, {
      ...options,
      ...oneSnapshot(),
      groupBy: 'cluster',
      permutationTest: true,
    });
    expect(few.metadata.leakage_check.permutation_test).toEqual({
      skipped: expect.stringMatching(/groups of a class on one side, fewer than 20/),
    });
    const trainer = trainerByName('isolation-forest', 'alert_scorer', { settings: { trees: 10 } });
    const { metadata } = await trainModel(database, { ...options, trainer, permutationTest: true });
    expect(metadata.leakage_check.permutation_test).toEqual({ skipped: 'the trainer learns without labels' });
  });

  it('the permutation test finds a splitter that breaks its promise', async () => {
    const random = splitterByName('random');
    const { disjoint: _, ...promising } = random;
    const half = { ...options, testFraction: 0.5 };
    const wanted = { ...half, permutationTest: true, allowLeakage: true, splitter: promising };
    const { metadata } = await trainModel(database, wanted);
    expect(metadata.leakage_check.passed).toBe(false);
    expect(metadata.leakage_check.findings?.map(({ check }) => check)).toEqual([
      'groups on both sides',
      'permutation test',
    ]);
    await expect(trainModel(database, { ...wanted, allowLeakage: false })).rejects.toMatchObject({
      code: 'LEAKAGE',
    });
  });
});

describe('a splitter that lies', () => {
  const sound = splitterByName('address');
  const lying = (change: (split: Split, request: SplitRequest) => unknown): Splitter => ({
    ...sound,
    holdout: (request, fraction) => change(sound.holdout(request, fraction), request) as Split,
  });
  const all = ({ splitGroups }: SplitRequest) => new Uint8Array(splitGroups.length);

  it('by hiding nothing: what it tests stays hidden all the same', async () => {
    const plain = await trainModel(database, options);
    const splitter = lying((split, request) => ({ ...split, hidden: all(request) }));
    const { metadata } = await trainModel(database, { ...options, splitter });
    expect(metadata.metrics).toEqual(plain.metadata.metrics);
  });

  it('where no group is promised to stay together, by hiding nothing: is refused', async () => {
    const splitter = { ...lying((split, request) => ({ ...split, hidden: all(request) })), disjoint: false };
    await expect(trainModel(database, { ...options, splitter })).rejects.toThrow(
      /every test row of the holdout hidden/,
    );
  });

  it.each([
    [
      'a row on both sides',
      ({ train, test }: Split) => ({ train, test: Int32Array.of(...test, ...train.slice(0, 1)).sort() }),
      /requested rows alone as the test rows/,
    ],
    [
      'rows in another order',
      ({ train, test }: Split) => ({ train: train.toReversed(), test }),
      /ascending order/,
    ],
    [
      'nothing to judge',
      ({ train }: Split) => ({ train, test: new Int32Array() }),
      /at least one row among the test rows/,
    ],
    [
      'a row that is not there',
      ({ train, test }: Split) => ({ train, test: Int32Array.of(...test, 1e9) }),
      /row 1000000000/,
    ],
    ['plain lists', ({ train, test }: Split) => ({ train: [...train], test }), /Int32Array/],
    [
      'hidden rows of another length',
      (split: Split) => ({ ...split, hidden: new Uint8Array(3) }),
      /one per row/,
    ],
    ['nothing', () => undefined, /a split for the holdout/],
    [
      'a thrown text',
      () => {
        throw 'no';
      },
      /string no/,
    ],
  ])('with %s', async (_, change, message) => {
    const training = trainModel(database, { ...options, splitter: lying(change) });
    await expect(training).rejects.toMatchObject({ code: 'SPLITTER_BROKE_CONTRACT' });
    await expect(training).rejects.toThrow(message);
  });

  it('in its folds, by testing rows twice or those of the holdout', async () => {
    const twice: Splitter = {
      ...sound,
      folds: (request, k) => sound.folds(request, k).map((split, _, [first]) => first ?? split),
    };
    await expect(trainModel(database, { ...options, splitter: twice })).rejects.toThrow(/test no row twice/);
    let held: Int32Array = new Int32Array();
    const peeking: Splitter = {
      ...sound,
      holdout(request, fraction) {
        const split = sound.holdout(request, fraction);
        held = split.test;
        return split;
      },
      folds: (request, k) => sound.folds(request, k).map((split) => ({ ...split, test: held })),
    };
    await expect(trainModel(database, { ...options, splitter: peeking })).rejects.toThrow(
      /requested rows alone/,
    );
  });
});

describe('what a trainer must not do', () => {
  it.each([
    [
      'throws a text',
      () => {
        throw 'boom';
      },
      'TRAINER_FAILED',
      /string boom/,
    ],
    [
      'throws an error of its own',
      () => {
        throw new TypeError('odd');
      },
      'TRAINER_FAILED',
      /while training.*TypeError: odd/,
    ],
    ['gives no model', async () => undefined, 'TRAINER_BROKE_CONTRACT', /a model that has predict/],
    [
      'writes into the matrix',
      async (request: TrainRequest) => {
        request.data.values.fill(0, 0, 10);
        return options.trainer.train(request);
      },
      'TRAINER_BROKE_CONTRACT',
      /only read/,
    ],
    [
      'describes nothing',
      async (request: TrainRequest) => {
        const model = await options.trainer.train(request);
        return { ...model, describe: () => ({}) };
      },
      'TRAINER_BROKE_CONTRACT',
      /names of its features/,
    ],
    [
      'names a file that leads out of the folder',
      async (request: TrainRequest) => {
        const model = await options.trainer.train(request);
        const [native] = await model.artifacts();
        return { ...model, artifacts: async () => [{ ...native, extension: '/../../evil.txt' }] };
      },
      'TRAINER_BROKE_CONTRACT',
      /extension such as/,
    ],
  ])('%s', async (_, train, code, message) => {
    const outputDir = path.join(folder, 'broken');
    const trainer = { ...options.trainer, train } as unknown as ModelTrainer;
    const training = trainModel(database, { ...options, trainer, outputDir });
    await expect(training).rejects.toMatchObject({ code });
    await expect(training).rejects.toThrow(message);
    expect(existsSync(outputDir)).toBe(false);
  });

  it('changes what was learned: it has copies of labels, weights and rows', async () => {
    const plain = await trainModel(database, options);
    const trainer: ModelTrainer = {
      ...options.trainer,
      async train(request) {
        const model = await options.trainer.train(request);
        request.labels.fill(1);
        request.weights.fill(9);
        request.trainRows.fill(0);
        return model;
      },
    };
    const { metadata } = await trainModel(database, { ...options, trainer });
    expect(metadata.metrics).toEqual(plain.metadata.metrics);
    expect(metadata.labels).toEqual(plain.metadata.labels);
  });

  /** A trainer whose models predict what `change` makes of the scores. */
  const broken = (change: (scores: Float64Array) => unknown): ModelTrainer => ({
    ...options.trainer,
    async train(request) {
      const model = await options.trainer.train(request);
      const predict = async (...args: Parameters<TrainedModel['predict']>) =>
        change(await model.predict(...args)) as Float64Array;
      return { ...model, predict };
    },
  });

  it.each([
    ['NaN', (scores: Float64Array) => scores.fill(Number.NaN, 0, 1), /NaN for row/],
    ['scores above 1', (scores: Float64Array) => scores.fill(1.5, 0, 1), /1\.5 for row/],
    ['too few scores', (scores: Float64Array) => scores.slice(1), /one per row/],
    ['a list', (scores: Float64Array) => [...scores], /Float64Array/],
  ])('return %s', async (_, change, message) => {
    const outputDir = path.join(folder, 'broken');
    const training = trainModel(database, { ...options, trainer: broken(change), outputDir });
    await expect(training).rejects.toMatchObject({ code: 'TRAINER_BROKE_CONTRACT' });
    await expect(training).rejects.toThrow(message);
    expect(existsSync(outputDir)).toBe(false);
  });
});

describe('memory', () => {
  it('is estimated before anything is computed', async () => {
    await expect(trainModel(database, { ...options, memoryLimit: 1_000_000 })).rejects.toMatchObject({
      code: 'NOT_ENOUGH_MEMORY',
    });
    const greedy = { ...options.trainer, estimateMemory: () => 2 ** 60 };
    await expect(trainModel(database, { ...options, trainer: greedy })).rejects.toThrow(/GiB free/);
  });
});

describe('explanations', () => {
  it('names the features that moved each score, adding up to the raw score with the rest', async () => {
    const saved = await trainModel(database, options);
    const date = dates.at(-1) ?? '';
    await scoreSnapshot(database, { date, windowDays: 30, model: saved.metadata.model_id, explain: true });
    const rows = await database.query<{ score: number; explain_json: string }>({
      sql: `SELECT score, explain_json FROM published_alert_scores
WHERE processing_date = {date:Date} AND model_id = {model:String}`,
      params: { date, model: saved.metadata.model_id },
      doing: 'reading explanations',
    });
    const explained = rows.map(({ score, explain_json }) => ({ score, ...JSON.parse(explain_json) }));
    for (const { base, reasons } of explained) {
      expect(Number.isFinite(base)).toBe(true);
      expect(reasons).toHaveLength(5);
      const sizes = reasons.map(({ contribution }: { contribution: number }) => Math.abs(contribution));
      expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    }
    // What speaks for suspicion goes with higher scores.
    const pull = explained.map(({ reasons }) =>
      reasons.reduce((sum: number, { contribution }: { contribution: number }) => sum + contribution, 0),
    );
    const median = explained.map(({ score }) => score).sort((a, b) => a - b)[explained.length >> 1] ?? 0;
    const isHigh = Int8Array.from(explained, ({ score }) => (score > median ? 1 : 0));
    expect(rocAuc(isHigh, Float64Array.from(pull))).toBeGreaterThan(0.9);
    expect(saved.metadata.shap_summary?.rows).toBeGreaterThan(0);
    expect(Object.keys(saved.metadata.feature_splits ?? {})).toHaveLength(
      saved.metadata.feature_names.length,
    );
  });
});
