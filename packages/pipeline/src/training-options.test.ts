import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelTrainer, TrainedModel, TrainRequest } from '@risk-scoring/contract';
import { createTemporalSplitter, rocAuc } from '@risk-scoring/evaluation';
import { createAddressLabelStrategy, createSemiSupervisedLabelStrategy } from '@risk-scoring/labels';
import { readStoredModel } from '@risk-scoring/model-storage';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitterByName } from './registry.ts';
import { scoreSnapshot } from './score-snapshot.ts';
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
    expect(metadata.split.shared_window_days).toBeGreaterThan(0);
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
          modelType: 'cluster_scorer',
          clusterLabels: { positiveShare },
        })
      ).positives;
    expect(await count(0.9)).toBeLessThan(await count(0.01));
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
    expect(plain.metadata.refit).toBeNull();
  });
});

describe('leakage', () => {
  it('the permutation test is at chance on unseen addresses, and is kept', async () => {
    const { metadata } = await trainModel(database, { ...options, permutationTest: true });
    const [low, high] = metadata.leakage_check.permutation_test?.interval ?? [1, 0];
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });

  it('the permutation test finds a splitter that breaks its promise', async () => {
    const random = splitterByName('random');
    const { disjoint: _, ...promising } = random;
    const wanted = { ...options, permutationTest: true, allowLeakage: true, splitter: promising };
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

describe('what a trainer must not do', () => {
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
