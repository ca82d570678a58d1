import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModelType } from '@risk-scoring/contract';
import type { SavedModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelSnapshot } from '../labelling/label-snapshot.ts';
import { labelStrategyByName, splitterByName, trainerByName } from '../registry.ts';
import { scoreSnapshot } from '../scoring/score-snapshot.ts';
import { trainModel } from '../train-model.ts';
import { compareModels } from './compare-models.ts';
import { conditionsOfImprovement } from './gate-conditions.ts';
import { promoteModel } from './promote-model.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;
let dates: string[];

const idOf = ({ metadata }: SavedModel) => metadata.model_id;
const last = () => dates.at(-1) ?? '';
const fast = { resamples: 100 };

/** A model of the first `snapshots` snapshots. */
function train(
  modelType: ModelType,
  { snapshots = 2, trainer = 'lightgbm', settings = {} as Readonly<Record<string, unknown>>, name = '' } = {},
): Promise<SavedModel> {
  return trainModel(database, {
    period: {
      network: 'simnet',
      startDate: dates[0] ?? '',
      endDate: dates[snapshots - 1] ?? '',
      windowDays: 30,
    },
    modelType,
    labelStrategy: labelStrategyByName('address'),
    trainer: trainerByName(trainer, modelType, { settings }),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, `${modelType}${name}`),
    modelVersion: '1.0.0',
    seed: 42,
    cvFolds: 2,
  });
}

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 5, snapshots: 3, alerts: 4000 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  dates = (await ingestSnapshots(database, { from: snapshots })).map((outcome) => outcome.processingDate);
}, 120_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('rankers', () => {
  let poor: SavedModel;
  let good: SavedModel;
  beforeAll(async () => {
    const settings = { threads: 1 };
    poor = await train('alert_ranker', {
      settings: { ...settings, max_rounds: 1, num_leaves: 2 },
      name: '-poor',
    });
    good = await train('alert_ranker', { settings: { ...settings, max_rounds: 20 } });
  }, 120_000);

  /** NDCG@10 and the average precision of a snapshot's published places, by their definitions and with none of the code under test. */
  async function byDefinition(date: string, modelId: string) {
    await scoreSnapshot(database, { date, windowDays: 30, model: modelId });
    // One row: a labelled alert, from the first place on. The simulator says one thing of an address, whichever the snapshot.
    const rows = await database.query<{ grade: number }>({
      sql: `SELECT label.grade AS grade
FROM
(
    SELECT ranked.rank AS place, lower(alert.address) AS address
    FROM published_alert_rankings AS ranked
    INNER JOIN published_alerts AS alert
        ON ranked.alert_id = alert.alert_id AND ranked.processing_date = alert.processing_date
    WHERE ranked.processing_date = {date:Date} AND ranked.model_id = {model:String}
) AS placed
INNER JOIN
(
    SELECT lower(address) AS labelled_address,
        argMax(indexOf(['medium', 'high', 'critical'], risk_level), (confidence_score, processing_date, risk_level)) AS grade
    FROM published_address_labels
    WHERE confidence_score > 0
    GROUP BY labelled_address
) AS label ON placed.address = label.labelled_address
ORDER BY placed.place`,
      params: { date, model: modelId },
      doing: 'reading labelled places',
    });
    const gain = (grades: number[]) =>
      grades.slice(0, 10).reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0);
    const grades = rows.map(({ grade }) => grade);
    const precisions = grades.flatMap((grade, i) =>
      grade >= 2 ? [grades.slice(0, i + 1).filter((each) => each >= 2).length / (i + 1)] : [],
    );
    return {
      rows: grades.length,
      ndcg: gain(grades) / gain([...grades].sort((a, b) => b - a)),
      map: precisions.reduce((sum, value) => sum + value, 0) / precisions.length,
    };
  }

  it('are compared by the order within snapshots, and the figures are those of the published places', async () => {
    const [first, second] = [idOf(poor), idOf(good)];
    const comparison = await compareModels(database, {
      first,
      second,
      startDate: dates[1],
      endDate: last(),
      ...fast,
    });
    const { all } = comparison;
    const of = async (model: string) => [
      await byDefinition(dates[1] ?? '', model),
      await byDefinition(last(), model),
    ];
    const mean = (figures: Awaited<ReturnType<typeof of>>, name: 'ndcg' | 'map') =>
      figures.reduce((sum, figure) => sum + figure[name], 0) / figures.length;
    const [ofPoor, ofGood] = [await of(first), await of(second)];
    expect(all.rows).toBe(ofGood.reduce((sum, { rows }) => sum + rows, 0));
    expect(all.second.ranking).toMatchObject({ snapshots: 2, snapshots_without_positives: 0 });
    expect(all.first.ranking?.ndcg['10']).toBeCloseTo(mean(ofPoor, 'ndcg'), 10);
    expect(all.second.ranking?.ndcg['10']).toBeCloseTo(mean(ofGood, 'ndcg'), 10);
    expect(all.second.ranking?.map).toBeCloseTo(mean(ofGood, 'map'), 10);
    expect(all.ranking_difference?.ndcg['10']?.difference).toBeCloseTo(
      mean(ofGood, 'ndcg') - mean(ofPoor, 'ndcg'),
      10,
    );
    const paired = all.ranking_difference?.map;
    expect(paired?.difference).toBeCloseTo(mean(ofGood, 'map') - mean(ofPoor, 'map'), 10);
    expect(paired?.interval[0]).toBeGreaterThan(0);
    expect(paired?.interval[1]).toBeGreaterThan(paired?.difference ?? 1);
    expect(all).toMatchObject({ decided_by: 'ndcg@10', first: { brier: null, ece: null } });
    expect(all.auc_difference.difference).toBeCloseTo(all.second.auc - all.first.auc, 12);
  }, 60_000);

  it('are judged on the holdout as the training judged them, and its figures stand beside', async () => {
    const { unseen, second } = await compareModels(database, {
      first: idOf(poor),
      second: idOf(good),
      startDate: dates[0],
      endDate: dates[1],
      ...fast,
    });
    const { test_ranking: trained, cv_ndcg_at_10: folds } = good.metadata.metrics;
    expect(unseen?.rows).toBe(good.metadata.data_stats.num_holdout);
    expect(unseen?.second.ranking?.ndcg['10']).toBeCloseTo(trained?.ndcg['10'] ?? Number.NaN, 5);
    expect(unseen?.second.ranking?.map).toBeCloseTo(trained?.map ?? Number.NaN, 5);
    expect(second.ranking).toMatchObject({
      ndcg: { '10': { value: trained?.ndcg['10'], interval: trained?.intervals?.ndcg['10'] } },
      map: { value: trained?.map },
      precision_at_k: { '50': { interval: trained?.intervals?.precision_at_k['50'] } },
      cv_ndcg_at_10: { value: folds?.mean, interval: null },
    });
  }, 60_000);

  it('pass a gate by NDCG@10, whatever their AUC', async () => {
    const judged = { startDate: dates[1] ?? '', endDate: last(), ...fast };
    await promoteModel(database, { model: idOf(poor) });
    const { unseen } = await compareModels(database, { first: idOf(poor), second: idOf(good), ...judged });
    if (unseen === null) throw new Error('There is nothing to judge by.');
    const shown = (narrow: boolean) =>
      conditionsOfImprovement({ ...unseen, intervals_too_narrow: narrow }, { minImprovement: 0 })[0]?.found;
    expect(shown(true)).toMatch(
      /(?:interval \S+ to \S+, which is too narrow with fewer than 20 of a class.*){2}/,
    );
    expect(shown(false)).not.toContain('too narrow');
    const ndcg = unseen.ranking_difference?.ndcg['10']?.difference ?? Number.NaN;
    const auc = unseen.auc_difference.difference ?? Number.NaN;
    expect(Math.abs(ndcg - auc)).toBeGreaterThan(0.001);
    // What lies between the two tells by which of them the gate goes.
    const between = (ndcg + auc) / 2;
    const [low, high] = [Math.min(between, ndcg - 0.0005), Math.max(between, ndcg + 0.0005)];
    const promote = (minImprovement: number) =>
      promoteModel(database, { model: idOf(good), gate: { ...judged, minImprovement } });
    await expect(promote(high)).rejects.toMatchObject({
      code: 'GATE_NOT_PASSED',
      expected: expect.stringMatching(/^an NDCG@10 that is better by at least/),
      found: expect.stringMatching(
        /FAILED: improvement \(NDCG@10 [+−]0\.\d{4} .* interval .*; beside it AUC [+−]0\.\d{4}/,
      ),
    });
    const passed = await promote(low);
    expect(passed).toMatchObject({ from: idOf(poor), moved: true, gate: { decided_by: 'ndcg@10' } });
    expect(passed.move.reason).toContain('NDCG@10 ');
    expect(passed.gate?.remarks).toContainEqual(expect.stringContaining('are no probabilities'));
    await expect(
      promoteModel(database, { model: idOf(poor), alias: 'other', gate: { ...judged, maxEce: 0.1 } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  }, 60_000);
});

describe('cluster scorers', () => {
  let clusters: SavedModel;
  beforeAll(async () => {
    clusters = await train('cluster_scorer', { snapshots: 3, trainer: 'isolation-forest' });
  }, 120_000);

  /** The groups of clusters, found by walking from each to those that share an address; on some dates only where these are given. */
  async function walkedGroups(of: readonly string[]): Promise<Map<string, number>> {
    // One row: a cluster.
    const rows = await database.query<{ id: string; date: string; members: string[] }>({
      sql: `SELECT cluster_id AS id, toString(processing_date) AS date, arrayMap(member -> lower(member), addresses_involved) AS members
FROM published_clusters WHERE has({dates:Array(String)}, toString(processing_date))`,
      params: { dates: of },
      doing: 'reading clusters',
    });
    const groups = new Map<string, number>();
    for (const [group, start] of rows.entries()) {
      const waiting = [start];
      for (let at = waiting.pop(); at; at = waiting.pop()) {
        const key = `${at.date} ${at.id}`;
        if (groups.has(key)) continue;
        groups.set(key, group);
        const members = new Set(at.members);
        waiting.push(...rows.filter((other) => other.members.some((member) => members.has(member))));
      }
    }
    return groups;
  }

  it('hang together by the clusters of the training, whichever dates are judged on', async () => {
    const pair = { first: idOf(clusters), second: idOf(clusters), ...fast };
    const comparison = await compareModels(database, { ...pair, startDate: last() });
    const all = await walkedGroups(dates);
    const alone = await walkedGroups([last()]);
    const { labels } = await labelSnapshot(database, {
      metadata: clusters.metadata,
      processingDate: last(),
      windowDays: 30,
    });
    const count = (found: Map<string, number>) =>
      new Set([...labels.keys()].map((id) => found.get(`${last()} ${id}`))).size;
    // Only then does the test tell one grouping from the other.
    expect(count(all)).toBeLessThan(count(alone));
    expect(comparison.all).toMatchObject({ rows: labels.size, groups: count(all) });
    expect(comparison.all.auc_difference.interval).toEqual([0, 0]);
  }, 60_000);

  it('have as many groups in the holdout as the training counted, and say where these are few', async () => {
    const {
      unseen,
      all,
      first,
      learned_from: learned,
    } = await compareModels(database, {
      first: idOf(clusters),
      second: idOf(clusters),
      startDate: dates[0],
      endDate: last(),
      ...fast,
    });
    const { num_holdout: held } = clusters.metadata.data_stats;
    expect(unseen?.rows).toBe(held);
    expect(learned.first).toBe(all.rows - held);
    expect(unseen?.groups).toBe(clusters.metadata.metrics.test_bootstrap?.groups);
    expect(first.resampled_groups).toBe(unseen?.groups);
    expect(unseen?.intervals_too_narrow).toBe(
      Math.min(unseen?.positive_groups ?? 0, unseen?.negative_groups ?? 0) < 20,
    );
    expect(unseen?.decided_by).toBe('auc');
  }, 60_000);
});
