import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CancelledError,
  createRandom,
  type FeatureGroup,
  FeatureSchemaMismatchError,
  type LabelStrategy,
  NoAlertsFoundError,
  NoLabelsFoundError,
  SingleClassError,
  UnsupportedSpecificationError,
} from '@risk-scoring/contract';
import { calibrate } from '@risk-scoring/evaluation';
import { FeaturesMissingError } from '@risk-scoring/extraction';
import { buildFeatureMatrix, DEFAULT_GROUPS } from '@risk-scoring/features';
import { ModelFileError, readStoredModel, type SavedModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelStrategyByName, splitterByName, trainerByName } from './registry.ts';
import { scoreSnapshot } from './scoring/score-snapshot.ts';
import { dryRunTraining, trainModel } from './train-model.ts';
import type { TrainOptions } from './train-options.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;
let dates: string[];
let options: TrainOptions;
let saved: SavedModel;

const addressLabels = () => labelStrategyByName('address');

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 3, snapshots: 4, alerts: 8000 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  dates = (await ingestSnapshots(database, { from: snapshots })).map((outcome) => outcome.processingDate);
  options = {
    period: { network: 'simnet', startDate: dates[0] ?? '', endDate: dates.at(-2) ?? '', windowDays: 30 },
    modelType: 'alert_scorer',
    labelStrategy: addressLabels(),
    trainer: trainerByName('lightgbm', 'alert_scorer'),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
  };
  saved = await trainModel(database, options);
}, 300_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('trainModel', () => {
  it('learns the signal, and no more than there is', () => {
    const { metrics } = saved.metadata;
    const auc = metrics.test_auc ?? Number.NaN;
    expect(metrics.test_auc).toBeGreaterThan(0.75);
    expect(metrics.test_auc).toBeLessThan(0.98);
    const [low, high] = metrics.test_intervals.auc ?? [Number.NaN, Number.NaN];
    expect(low).toBeLessThan(auc);
    expect(high).toBeGreaterThan(auc);
    expect(metrics.cv_scores).toHaveLength(5);
    expect(metrics.cv_auc_mean).toBeCloseTo(metrics.cv_scores.reduce((sum, auc) => sum + auc, 0) / 5, 12);
  });

  it('judges on addresses that no part of the training had, and keeps their names', async () => {
    const { data_stats: stats } = saved.metadata;
    const { holdoutGroups } = await readStoredModel(saved.metadataPath);
    expect(holdoutGroups).toHaveLength(stats.num_holdout_addresses);
    expect(stats.num_train + stats.num_validation + stats.num_holdout).toBe(stats.num_samples);
    expect(stats.num_holdout / stats.num_samples).toBeCloseTo(0.2, 1);
    expect(Object.values(stats.label_sources).reduce((sum, n) => sum + n, 0)).toBe(stats.num_samples);
  });

  it('writes the metadata that makes it reproducible', () => {
    const { metadata } = saved;
    expect(metadata.training_period).toEqual({
      start_date: dates[0],
      end_date: dates.at(-2),
      window_days: 30,
    });
    expect(metadata.feature_names).toHaveLength(metadata.data_stats.num_features);
    expect(metadata.num_trees).toBe(metadata.best_iteration);
    expect(metadata.data_fingerprint.raw_alerts?.rows).toBe(metadata.data_stats.num_alerts);
    expect(metadata).toMatchObject({ label_strategy: 'address', model_trainer: 'lightgbm', seed: 42 });
    expect(metadata.onnx_parity.max_probability_difference).toBeLessThanOrEqual(1e-6);
    expect(metadata.package_versions).toHaveProperty('@risk-scoring/pipeline');
  });

  it('gives the same model for the same seed, and another for another', async () => {
    const text = (model: SavedModel) => readFileSync(model.metadataPath.replace(/json$/, 'txt'), 'utf8');
    const again = await trainModel(database, options);
    expect(text(again)).toBe(text(saved));
    expect(again.metadata.metrics).toEqual(saved.metadata.metrics);
    const other = await trainModel(database, { ...options, seed: 43 });
    expect(text(other)).not.toBe(text(saved));
  }, 300_000);

  it('cannot tell labels that were shuffled between addresses: AUC about 0.5', async () => {
    const aucs: number[] = [];
    for (const seed of [1, 2, 3]) {
      const { metadata } = await trainModel(database, {
        ...options,
        labelStrategy: shuffled(addressLabels(), seed),
      });
      aucs.push(metadata.metrics.test_auc ?? Number.NaN, metadata.metrics.cv_auc_mean ?? Number.NaN);
    }
    const mean = aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length;
    expect(mean).toBeGreaterThan(0.44);
    expect(mean).toBeLessThan(0.56);
  }, 300_000);

  it('leaves nothing behind when it is cancelled in mid-training', async () => {
    const outputDir = path.join(folder, 'cancelled');
    const controller = new AbortController();
    const training = trainModel(database, {
      ...options,
      outputDir,
      signal: controller.signal,
      onProgress: ({ stage, done }) => {
        if (stage === 'cross-validation' && done === 0) controller.abort();
      },
    });
    await expect(training).rejects.toThrow(CancelledError);
    expect(existsSync(outputDir)).toBe(false);
  }, 60_000);

  it('counts without writing in a dry run', async () => {
    const outputDir = path.join(folder, 'dry');
    const counts = await dryRunTraining(database, { ...options, outputDir });
    expect(counts.labelled).toBe(saved.metadata.data_stats.num_samples);
    expect(counts.train + counts.holdout).toBe(counts.labelled);
    expect(existsSync(outputDir)).toBe(false);
  });

  it('refuses the network of another database, another contract and a model type its trainer does not train', async () => {
    const elsewhere = { ...options, period: { ...options.period, network: 'bitcoin' } };
    await expect(trainModel(database, elsewhere)).rejects.toThrow(/'simnet', which the database serves/);
    const newer = { ...addressLabels(), specificationVersion: 'v9' } as unknown as LabelStrategy;
    await expect(trainModel(database, { ...options, labelStrategy: newer })).rejects.toThrow(
      UnsupportedSpecificationError,
    );
    await expect(trainModel(database, { ...options, modelType: 'alert_ranker' })).rejects.toThrow(
      /trainer 'lightgbm'/,
    );
  });

  it('takes feature groups from elsewhere, in training and in scoring', async () => {
    const mine: FeatureGroup = {
      specificationVersion: 'v1',
      name: 'mine',
      per: 'alert',
      columns: [
        { name: 'id_length', kind: 'numeric', meaning: 'length of the alert_id', missing: 'never missing' },
      ],
      sql: 'SELECT processing_date, alert_id, length(alert_id) AS id_length FROM alerts',
    };
    const featureGroups = [...DEFAULT_GROUPS, mine];
    const { metadata } = await trainModel(database, { ...options, featureGroups });
    expect(metadata.feature_names.at(-1)).toBe('id_length');
    expect(metadata.feature_columns?.at(-1)).toMatchObject({
      group: 'mine',
      meaning: 'length of the alert_id',
    });
    expect(metadata.feature_report?.constant).toContain('id_length');
    // The model carries the group, so whoever scores needs neither the object nor its package.
    const request = { date: dates.at(-1) ?? '', windowDays: 30, model: metadata.model_id };
    expect((await scoreSnapshot(database, request)).model_id).toBe(metadata.model_id);
  });

  it('refuses a period without alerts, without labels, or with one class', async () => {
    const empty = { ...options.period, startDate: '2001-01-01', endDate: '2001-02-01' };
    await expect(trainModel(database, { ...options, period: empty })).rejects.toThrow(NoAlertsFoundError);
    const none = relabelled(addressLabels(), () => -1);
    await expect(trainModel(database, { ...options, labelStrategy: none })).rejects.toThrow(
      NoLabelsFoundError,
    );
    const one = relabelled(addressLabels(), (label) => (label < 0 ? label : 1));
    await expect(trainModel(database, { ...options, labelStrategy: one })).rejects.toThrow(SingleClassError);
  });
});

describe('scoreSnapshot', () => {
  const score = (model?: string) =>
    scoreSnapshot(database, { date: dates.at(-1) ?? '', windowDays: 30, ...(model ? { model } : {}) });

  const readScores = () =>
    database.query<{ alert_id: string; score: number }>({
      sql: `SELECT alert_id, score FROM published_alert_scores
WHERE processing_date = {date:Date} AND model_id = {model:String} ORDER BY alert_id`,
      params: { date: dates.at(-1), model: saved.metadata.model_id },
      doing: 'reading the scores',
    });

  it('gives every alert exactly one score, and replaces the scores when it runs again', async () => {
    const result = await score(saved.metadata.model_id);
    const first = await readScores();
    expect(first).toHaveLength(result.alerts);
    expect(new Set(first.map((row) => row.alert_id)).size).toBe(result.alerts);
    await score(saved.metadata.model_id);
    expect(await readScores()).toEqual(first);
  });

  it('serves the scores that the native model gives the same alerts', async () => {
    const { alerts } = await score(saved.metadata.model_id);
    const stored = await readStoredModel(saved.metadataPath);
    const matrix = await buildFeatureMatrix(database, {
      snapshots: [{ processingDate: dates.at(-1) ?? '', windowDays: 30, rows: alerts }],
      plan: saved.metadata.feature_plan,
    });
    const native = await options.trainer.load(stored.artifacts);
    const { calibration } = saved.metadata;
    if (calibration === undefined) throw new Error('The model says nothing of its calibration.');
    const expected = calibrate(calibration, await native.predict(matrix));
    await native.dispose();
    const served = await readScores();
    served.forEach((row, index) => {
      expect(Math.abs(row.score - (expected[index] ?? Number.NaN))).toBeLessThanOrEqual(1e-6);
    });
  });

  it('finds suspicious addresses in a snapshot it was not trained on', async () => {
    const result = await score(saved.metadata.model_id);
    expect(result.top[0]?.score).toBe(result.score_max);
    expect(result.score_max).toBeGreaterThan(0.5);
    expect(result.score_min).toBeLessThan(0.2);
  });

  it('refuses a model whose file changed on disk, and publishes nothing', async () => {
    const model = await trainModel(database, { ...options, outputDir: path.join(folder, 'changed') });
    appendFileSync(model.metadataPath.replace(/json$/, 'onnx'), 'x');
    await expect(score(model.metadata.model_id)).rejects.toThrow(ModelFileError);
    const [row] = await database.query<{ n: number }>({
      sql: 'SELECT toFloat64(count()) AS n FROM alert_scores WHERE model_id = {model:String}',
      params: { model: model.metadata.model_id },
      doing: 'counting',
    });
    expect(row?.n).toBe(0);
  }, 60_000);

  it('refuses a model that was trained on other features', async () => {
    const json = {
      ...JSON.parse(readFileSync(saved.metadataPath, 'utf8')),
      // A registered id would have to be of the registered file.
      model_id: 'alert_scorer_simnet_v9.9.9_20250101_000000',
    };
    const edited = saved.metadataPath.replace(/\.json$/, '-edited.json');
    writeFileSync(edited, JSON.stringify({ ...json, feature_schema_hash: '0'.repeat(64) }));
    await expect(score(edited)).rejects.toThrow(FeatureSchemaMismatchError);
    writeFileSync(edited, JSON.stringify({ ...json, feature_names: [...json.feature_names].reverse() }));
    await expect(score(edited)).rejects.toThrow(/in another order from/);
    writeFileSync(edited, JSON.stringify({ ...json, files: {} }));
    await expect(score(edited)).rejects.toMatchObject({ code: 'ONNX_MISSING' });
    rmSync(edited);
  });

  it('refuses to train on and to score snapshots that came without features', async () => {
    const bare = '2030-01-01';
    await database.command({
      sql: `INSERT INTO raw_alerts SELECT * REPLACE (toDate('2030-01-01') AS processing_date, '' AS batch_id)
FROM (SELECT * FROM published_alerts WHERE processing_date = {date:Date})`,
      params: { date: dates[0] },
      doing: 'copying alerts',
    });
    await database.command({
      sql: `INSERT INTO raw_address_labels SELECT * REPLACE (toDate('2030-01-01') AS processing_date, '' AS batch_id)
FROM (SELECT * FROM published_address_labels WHERE processing_date = {date:Date})`,
      params: { date: dates[0] },
      doing: 'copying labels',
    });
    const period = { ...options.period, startDate: bare, endDate: bare };
    await expect(trainModel(database, { ...options, period })).rejects.toThrow(FeaturesMissingError);
    const scoring = scoreSnapshot(database, { date: bare, windowDays: 30, model: saved.metadata.model_id });
    await expect(scoring).rejects.toThrow(FeaturesMissingError);
    await expect(scoring).rejects.toThrow(/half the share in training.*0\.0 %/);
    expect(saved.metadata.data_stats.feature_coverage).toBeGreaterThan(0.8);
  });

  it('refuses a snapshot that is not there, and a date that is none', async () => {
    await expect(scoreSnapshot(database, { date: '2001-01-01', windowDays: 30 })).rejects.toThrow(
      NoAlertsFoundError,
    );
    await expect(scoreSnapshot(database, { date: 'yesterday', windowDays: 30 })).rejects.toThrow(
      /YYYY-MM-DD/,
    );
  });

  it('leaves whole models in the folder', async () => {
    const models = path.join(options.outputDir, 'simnet');
    for (const name of readdirSync(models).filter(
      (file) => file.endsWith('.json') && !file.endsWith('.evaluation.json'),
    )) {
      await readStoredModel(path.join(models, name));
    }
  });
});

/** The same strategy with its labels changed one by one. */
function relabelled(strategy: LabelStrategy, change: (label: number) => number): LabelStrategy {
  return {
    ...strategy,
    validateLabels: () => undefined,
    getLabelWeights: (labelSet) => strategy.getLabelWeights(labelSet),
    async deriveLabels(alerts, data, context) {
      const labelSet = await strategy.deriveLabels(alerts, data, context);
      const labels = labelSet.labels.map(change);
      const { names, codes } = labelSet.sources;
      return {
        labels,
        weights: labelSet.weights.map((weight, row) => (labels[row] === -1 ? 0 : weight)),
        sources: { names, codes: codes.map((code, row) => (labels[row] === -1 ? -1 : code)) },
      };
    },
  };
}

/** The same strategy with the labels of whole addresses exchanged at random. */
function shuffled(strategy: LabelStrategy, seed: number): LabelStrategy {
  return {
    ...relabelled(strategy, (label) => label),
    async deriveLabels(alerts, data, context) {
      const labelSet = await strategy.deriveLabels(alerts, data, context);
      const addresses = alerts.getChild('address');
      const labelOf = new Map<string, number>();
      labelSet.labels.forEach((label, row) => {
        if (label >= 0) labelOf.set(String(addresses?.get(row)), label);
      });
      const exchanged = createRandom(seed, 'shuffle').shuffle(Int32Array.from(labelOf.values()));
      [...labelOf.keys()].forEach((address, index) => {
        labelOf.set(address, exchanged[index] ?? 0);
      });
      const labels = labelSet.labels.map((label, row) =>
        label < 0 ? label : (labelOf.get(String(addresses?.get(row))) ?? label),
      );
      return { ...labelSet, labels };
    },
  };
}
