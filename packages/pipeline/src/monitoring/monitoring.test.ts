import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CancelledError, InvalidInputError } from '@risk-scoring/contract';
import { rocAuc } from '@risk-scoring/evaluation';
import { loadModel, type StoredModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelSnapshot } from '../labelling/label-snapshot.ts';
import { labelStrategyByName, splitterByName, trainerByName } from '../registry.ts';
import { scoreSnapshot } from '../scoring/score-snapshot.ts';
import { trainModel } from '../train-model.ts';
import type { TrainOptions } from '../train-options.ts';
import { driftOfSnapshot } from './drift-of-snapshot.ts';
import { ModelHasNoReferenceError, NothingToMonitorError } from './errors.ts';
import { type MonitorOptions, monitorModel } from './monitor-model.ts';
import { copySnapshot } from './testing/copy-snapshot.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const windowDays = 30;
/** Simulated: trained on the first three of five, a week apart. */
const [first, trainedTo, last] = ['2025-01-06', '2025-01-20', '2025-02-03'];
/** Inserted by hand, after all others: amounts times 50, a column blank, and addresses that nobody knows. */
const [amounts, blank, strangers] = ['2025-03-03', '2025-03-10', '2025-03-17'];
let database: Database;
let model: StoredModel;

const train = (
  modelType: 'alert_scorer' | 'alert_ranker' | 'cluster_scorer',
  more: Partial<TrainOptions> = {},
) =>
  trainModel(database, {
    period: { network: 'simnet', startDate: first, endDate: trainedTo, windowDays },
    modelType,
    labelStrategy: labelStrategyByName('address'),
    trainer: trainerByName('lightgbm', modelType, { settings: { max_rounds: 40 } }),
    splitter: splitterByName('address'),
    cvFolds: 2,
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
    ...more,
  });

const monitor = (options: Partial<MonitorOptions> = {}) =>
  monitorModel(database, { windowDays, model: model.metadata.model_id, ...options });
const drift = (processingDate: string) => driftOfSnapshot(database, { model, processingDate });
const checks = ({ crossed }: { readonly crossed: readonly { readonly check: string }[] }) =>
  crossed.map(({ check }) => check);

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 3, snapshots: 5, alerts: 6000 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  await ingestSnapshots(database, { from: snapshots });
  const saved = await train('alert_scorer');
  model = await loadModel(database, { model: saved.metadata.model_id });
}, 300_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('monitorModel', () => {
  it('is quiet on later snapshots that come about as those of the training did', async () => {
    const { passed, snapshots, thresholds } = await monitor();
    expect(snapshots.map((snapshot) => snapshot.processing_date)).toEqual(['2025-01-27', last]);
    expect(snapshots.map(checks)).toEqual([[], []]);
    expect(passed).toBe(true);
    expect(thresholds).toMatchObject({ scorePsi: 0.25, featurePsi: 0.25, minAuc: null });
    for (const snapshot of snapshots) {
      expect(snapshot.rows).toBe(1200);
      expect(snapshot.in_training_period).toBe(false);
      expect(snapshot.effective_rows).toBeLessThan(snapshot.rows);
      expect(snapshot.scores.psi).toBeLessThan(0.25);
      expect(snapshot.features.map(({ name }) => name).sort()).toEqual(
        [...model.metadata.feature_names].sort(),
      );
      const psi = snapshot.features.map((feature) => feature.psi);
      expect(psi).toEqual([...psi].sort((a, b) => b - a));
    }
  });

  it('names the features whose amounts were multiplied', async () => {
    const times50 = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `${name} * 50`]));
    const features = times50(
      ...[
        'total_in_usd',
        'total_out_usd',
        'total_volume_usd',
        'avg_tx_in_usd',
        'avg_tx_out_usd',
        'max_tx_usd',
      ],
      ...['median_tx_in_usd', 'median_tx_out_usd', 'min_tx_usd', 'avg_daily_volume_usd'],
    );
    const change = { raw_features: features, raw_alerts: times50('volume_usd') };
    await copySnapshot(database, { from: last, to: amounts, change });
    const { passed, snapshots } = await monitor({ startDate: amounts, endDate: amounts });
    expect(passed).toBe(false);
    const [snapshot] = snapshots;
    expect(snapshot?.drifted_features.slice(0, 20)).toEqual(expect.arrayContaining(['median_tx_in_usd']));
    expect(snapshot?.crossed.flatMap(({ features: named }) => named)).toEqual(
      expect.arrayContaining(['median_tx_in_usd']),
    );
    // Amounts are nothing to the shape of the network.
    expect(snapshot?.features.find(({ name }) => name === 'degree_in')?.psi).toBeLessThan(0.1);
  });

  it('names the features that have gone missing', async () => {
    await copySnapshot(database, {
      from: last,
      to: blank,
      change: { raw_features: { address: "concat(address, 'aa')" } },
    });
    const [snapshot] = (await monitor({ startDate: blank, endDate: blank })).snapshots;
    const missing = snapshot?.crossed.find(({ check }) => check === 'missing_values');
    expect(missing?.features).toContain('pagerank');
    expect(missing?.found).toBeGreaterThan(0.5);
    expect(snapshot?.features.find(({ name }) => name === 'pagerank')).toMatchObject({ missing: 1 });
  });

  it('alarms by thresholds that are given', async () => {
    const range = { startDate: last, endDate: last };
    const strict = { scorePsi: 0, featurePsi: 0, driftedShare: 0, minAuc: 1 };
    const [snapshot] = (await monitor({ ...range, thresholds: strict })).snapshots;
    expect(snapshot && checks(snapshot)).toEqual(expect.arrayContaining(['drifted_features', 'min_auc']));
    const open = { scorePsi: 99, featurePsi: 99, driftedShare: 1, missingIncrease: 1, labelDrift: 1 };
    expect((await monitor({ startDate: amounts, endDate: amounts, thresholds: open })).passed).toBe(true);
  });

  it('says so where there is nothing to watch, and refuses what cannot be meant', async () => {
    await expect(monitor({ startDate: '2030-01-01' })).rejects.toThrow(NothingToMonitorError);
    await expect(monitor({ startDate: '2030-01-01' })).rejects.toThrow('snapshots from 2025-01-06 to');
    await expect(monitor({ startDate: '2025-02-30' })).rejects.toThrow(InvalidInputError);
    await expect(monitor({ startDate: last, endDate: first })).rejects.toThrow(InvalidInputError);
    await expect(monitor({ thresholds: { driftedShare: 2 } })).rejects.toThrow(InvalidInputError);
    await expect(monitor({ windowDays: 7 })).rejects.toMatchObject({ code: 'MODEL_DOES_NOT_FIT' });
    await expect(monitor({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });

  it('refuses a model that was saved without a reference, and says to train again', async () => {
    const older = driftOfSnapshot(database, { model: { ...model, evaluation: null }, processingDate: last });
    await expect(older).rejects.toThrow(ModelHasNoReferenceError);
    await expect(older).rejects.toMatchObject({ code: 'MODEL_HAS_NO_REFERENCE', remedy: /train it again/ });
  });

  it('watches a ranker, too', async () => {
    const { metadata } = await train('alert_ranker');
    const { snapshots } = await monitor({ model: metadata.model_id, startDate: last, endDate: last });
    expect(snapshots.map(({ rows, labels }) => [rows, labels?.all.auc])).toEqual([
      [1200, expect.any(Number)],
    ]);
    expect(snapshots[0]?.scores.psi).toBeLessThan(0.25);
  });
});

describe('the labels of a snapshot', () => {
  const newAddress = { address: "concat(address, 'ee')" };

  it('are null until one arrives', async () => {
    await copySnapshot(database, {
      from: last,
      to: strangers,
      change: {
        raw_alerts: newAddress,
        raw_features: newAddress,
        raw_address_labels: { address: "concat(address, 'dd')" },
      },
    });
    expect((await drift(strangers)).labels).toBeNull();
  });

  it('give the AUC of the published scores once they have', async () => {
    await database.command({
      sql: `INSERT INTO raw_address_labels
SELECT * REPLACE (concat(address, 'ee') AS address, {to:Date} AS processing_date, '' AS batch_id)
FROM (SELECT * FROM raw_address_labels WHERE processing_date = {from:Date})`,
      params: { from: last, to: strangers },
      doing: 'inserting the labels of a snapshot',
    });
    const { labels } = await drift(strangers);
    await scoreSnapshot(database, { date: strangers, windowDays, model: model.metadata.model_id });
    const rows = await readLabelled(strangers);
    const scores = await readScores(strangers);
    expect(rows.length).toBeGreaterThan(100);
    expect(labels).toMatchObject({
      strategy: 'address',
      labelled: rows.length,
      positives: rows.filter(({ label }) => label === 1).length,
      reference_positive_rate: expect.closeTo(model.metadata.data_stats.positive_rate, 6),
    });
    const auc = rocAuc(
      Int8Array.from(rows, ({ label }) => label),
      Float64Array.from(rows, ({ id }) => scores.get(id) ?? Number.NaN),
    );
    expect(labels?.all.auc).toBeCloseTo(auc, 9);
    // Nobody of this snapshot was in the training.
    expect(labels?.unseen).toEqual(labels?.all);
  });

  it('tell addresses that the model learned from from those it cannot know', async () => {
    const inside = await drift(trainedTo);
    const holdout = new Set(model.holdoutGroups);
    const labelled = await readLabelled(trainedTo);
    expect(inside.in_training_period).toBe(true);
    expect(inside.labels?.all.rows).toBe(labelled.length);
    const heldOut = labelled.filter(({ address }) => holdout.has(address));
    expect(inside.labels?.unseen?.rows).toBe(heldOut.length);

    const later = await drift(last);
    const known = await addressesOfPeriod();
    const rows = await readLabelled(last);
    const unseen = rows.filter(({ address }) => !known.has(address) || holdout.has(address));
    expect(unseen.length).toBeGreaterThan(10);
    expect(unseen.length).toBeLessThan(rows.length);
    expect(later.labels?.unseen?.rows).toBe(unseen.length);
    expect(later.labels?.unseen?.groups).toBe(new Set(unseen.map(({ address }) => address)).size);
  });

  it('leave nothing unseen in the training period of a model that was refitted on all rows', async () => {
    const { metadata } = await train('alert_scorer', { refitAll: true });
    const refitted = await loadModel(database, { model: metadata.model_id });
    const { labels } = await driftOfSnapshot(database, { model: refitted, processingDate: trainedTo });
    expect(labels?.all.rows).toBeGreaterThan(100);
    expect(labels?.unseen?.rows).toBe(0);
  });

  it('are of unseen clusters where no member stood in a cluster that was learned from', async () => {
    // More snapshots hang together too much to be divided.
    const { metadata } = await train('cluster_scorer', {
      period: { network: 'simnet', startDate: first, endDate: first, windowDays },
    });
    const clusters = await loadModel(database, { model: metadata.model_id });
    const { labels } = await driftOfSnapshot(database, { model: clusters, processingDate: last });
    const [expected] = await database.query<{ labelled: number; unseen: number }>({
      sql: `SELECT toFloat64(count()) AS labelled, toFloat64(countIf(not hasAny(addresses_involved, known))) AS unseen
FROM published_clusters
CROSS JOIN
(
    SELECT groupUniqArrayArray(addresses_involved) AS known
    FROM published_clusters
    WHERE processing_date = {first:Date}
) AS learned
WHERE processing_date = {last:Date} AND cluster_id IN {labelled:Array(String)}`,
      params: {
        ...{ first, last },
        labelled: [...(await labelsOf(clusters, last)).keys()],
      },
      doing: 'counting clusters without a known member',
    });
    expect(labels?.all.rows).toBe(expected?.labelled);
    // Those of held-out groups are unseen, too.
    expect(labels?.unseen?.rows).toBeGreaterThanOrEqual(expected?.unseen ?? Number.NaN);
    expect(labels?.unseen?.rows).toBeLessThan(labels?.all.rows ?? 0);
  });

  it('are of nobody knows which rows where the database holds others than the model learned from', async () => {
    const { data_fingerprint: prints } = model.metadata;
    const elsewhere = {
      ...model,
      metadata: {
        ...model.metadata,
        data_fingerprint: {
          ...prints,
          raw_alerts: { rows: prints.raw_alerts?.rows ?? 0, hash: 'of other rows' },
        },
      },
    };
    const { labels } = await driftOfSnapshot(database, { model: elsewhere, processingDate: last });
    expect(labels?.unseen).toBeNull();
    expect(labels?.unseen_reason).toContain('other rows in raw_alerts than were trained on');
    expect(labels?.all.auc).toBeGreaterThan(0.5);
  });
});

async function labelsOf({ metadata }: StoredModel, processingDate: string) {
  return (await labelSnapshot(database, { metadata, processingDate, windowDays })).labels;
}

/** Alerts of a snapshot that the labels of the model's strategy name, in any order. */
async function readLabelled(date: string) {
  const labels = await labelsOf(model, date);
  const rows = await database.query<{ alert_id: string; address: string }>({
    sql: 'SELECT alert_id, address FROM published_alerts WHERE processing_date = {date:Date}',
    params: { date },
    doing: 'reading alerts',
  });
  return rows.flatMap(({ alert_id: id, address }) => {
    const label = labels.get(id);
    return label === undefined ? [] : [{ id, address, label }];
  });
}

async function readScores(date: string): Promise<Map<string, number>> {
  const rows = await database.query<{ alert_id: string; score: number }>({
    sql: 'SELECT alert_id, score FROM published_alert_scores WHERE processing_date = {date:Date}',
    params: { date },
    doing: 'reading scores',
  });
  return new Map(rows.map(({ alert_id: id, score }) => [id, score]));
}

async function addressesOfPeriod(): Promise<Set<string>> {
  const rows = await database.query<{ address: string }>({
    sql: 'SELECT DISTINCT address FROM published_alerts WHERE processing_date BETWEEN {first:Date} AND {trainedTo:Date}',
    params: { first, trainedTo },
    doing: 'reading addresses',
  });
  return new Set(rows.map(({ address }) => address));
}
