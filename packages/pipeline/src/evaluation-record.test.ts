import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CancelledError, dayText, type ModelTrainer, type TrainRequest } from '@risk-scoring/contract';
import { distributionOf } from '@risk-scoring/evaluation';
import { createAddressLabelStrategy } from '@risk-scoring/labels';
import {
  loadModel,
  type ModelEvaluation,
  type SavedModel,
  type StoredModel,
} from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordEvaluation } from './evaluation-record.ts';
import { splitterByName } from './registry.ts';
import { openModelScorer } from './scoring/score-parts.ts';
import { trainModel } from './train-model.ts';
import { settleTrainOptions, type TrainOptions } from './train-options.ts';
import { planTraining } from './training-plan.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-record-'));
const small = { maxRounds: 20, earlyStoppingRounds: 5 };
let database: Database;
let options: TrainOptions;
let requests: readonly TrainRequest[];
let saved: SavedModel;
let stored: StoredModel;

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'recnet', seed: 9, snapshots: 3, alerts: 3000 });
  ({ database } = await initDatabase({ network: 'recnet', dataDir: folder }));
  const dates = (await ingestSnapshots(database, { from: snapshots })).map((one) => one.processingDate);
  const { spy, requests: seen } = watched(createLightGBMTrainer(small));
  requests = seen;
  options = {
    period: {
      network: 'recnet',
      startDate: dates[0] ?? '',
      endDate: dates.at(-1) ?? '',
      windowDays: 30,
    },
    modelType: 'alert_scorer',
    labelStrategy: createAddressLabelStrategy(),
    trainer: spy,
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
    cvFolds: 3,
  };
  saved = await trainModel(database, options);
  stored = await loadModel(database, { model: saved.metadata.model_id });
}, 120_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A trainer that keeps what it was asked to learn from. */
function watched(trainer: ModelTrainer) {
  const requests: TrainRequest[] = [];
  const spy: ModelTrainer = {
    ...trainer,
    train: (request) => {
      requests.push(request);
      return trainer.train(request);
    },
  };
  return { spy, requests };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the model has no such part');
  return value;
}

const evaluationOf = ({ evaluation }: StoredModel): ModelEvaluation => present(evaluation);
const holdoutOf = () => present(evaluationOf(stored).holdout);

describe('what is recorded of the holdout', () => {
  it('is saved as a file of the model', () => {
    const files = Object.entries(saved.metadata.files).filter(([, { role }]) => role === 'evaluation');
    expect(files.map(([name]) => name)).toEqual([expect.stringMatching(/\.evaluation\.json$/)]);
  });

  it('has curves over the areas that the metadata gives', () => {
    const { roc, pr } = holdoutOf();
    const { test_auc: auc, test_pr_auc: prAuc } = saved.metadata.metrics;
    expect(roc.fpr).toHaveLength(101);
    const area = sum(roc.fpr.slice(1).map((_, i) => ((roc.tpr[i] ?? 0) + (roc.tpr[i + 1] ?? 0)) / 200));
    // Half a step of the grid.
    expect(Math.abs(area - present(auc))).toBeLessThanOrEqual(0.005);
    expect(Math.abs(sum(pr.precision.slice(1)) / 100 - present(prAuc))).toBeLessThan(0.02);
    for (const { curve, low, high } of [
      { curve: roc.tpr, low: roc.tpr_low, high: roc.tpr_high },
      { curve: pr.precision, low: pr.precision_low, high: pr.precision_high },
    ]) {
      const held = curve.filter((value, i) => (low[i] ?? 2) <= value && value <= (high[i] ?? -1));
      expect(held.length / curve.length).toBeGreaterThan(0.95);
      expect(sum(high) - sum(low)).toBeGreaterThan(1);
    }
  });

  it('counts the rows of the holdout, class by class and bin by bin', () => {
    const { rows, positives, groups, histogram, reliability } = holdoutOf();
    const { data_stats: stats, metrics } = saved.metadata;
    expect({ rows, groups }).toEqual({ rows: stats.num_holdout, groups: stats.num_holdout_addresses });
    expect(positives / rows).toBeCloseTo(present(metrics.test_positive_rate), 12);
    expect(sum(histogram.positives)).toBe(positives);
    expect(sum(histogram.negatives)).toBe(rows - positives);
    expect(sum(reliability.map((bin) => bin.rows))).toBe(rows);
    // The calibration error by its definition (Guo et al. 2017, equation 3).
    const gaps = reliability.map((bin) => bin.rows * Math.abs(bin.mean_score - bin.positive_rate));
    expect(sum(gaps) / rows).toBeCloseTo(present(metrics.test_ece), 9);
    for (const { low, high, positive_rate } of reliability) {
      expect(low).toBeLessThanOrEqual(positive_rate);
      expect(high).toBeGreaterThanOrEqual(positive_rate);
    }
  });
});

describe('what later snapshots are compared with', () => {
  it('has a distribution of every feature, whose shares and the missing ones add up to 1', () => {
    const { features, scores } = evaluationOf(stored).reference;
    expect(Object.keys(features).sort()).toEqual([...saved.metadata.feature_names].sort());
    for (const { edges, shares, missing } of [...Object.values(features), scores]) {
      expect(shares).toHaveLength(edges.length + 1);
      expect(sum(shares) + missing).toBeCloseTo(1, 9);
    }
  });

  it('counts alerts and labels snapshot by snapshot, as many as the metadata', () => {
    const { rows, snapshots } = evaluationOf(stored).reference;
    const { data_stats: stats } = saved.metadata;
    const total = (part: 'rows' | 'labelled' | 'positives') => sum(snapshots.map((one) => one[part]));
    expect(snapshots).toHaveLength(stats.num_snapshots);
    expect(snapshots.map((one) => one.processing_date)).toEqual(
      snapshots.map((one) => one.processing_date).sort(),
    );
    expect(rows).toBe(stats.num_alerts);
    expect(total('rows')).toBe(stats.num_alerts);
    expect(total('labelled')).toBe(stats.num_samples);
    expect(total('positives') / total('labelled')).toBeCloseTo(stats.positive_rate, 12);
  });

  it('has the scores that the model serves, of addresses it had not learned from, as many labelled ones as the period has', async () => {
    const {
      scores: reference,
      score_rows: rows,
      psi_between_snapshots: between,
    } = evaluationOf(stored).reference;
    const { data, trainRows, validationRows } = present(requests.at(-1));
    const learned = new Set(
      [...trainRows, ...(validationRows ?? [])].map(
        (row) => data.splitGroupNames[data.splitGroups[row] ?? -1],
      ),
    );
    const scorer = await openModelScorer(stored);
    const held = new Set(stored.holdoutGroups);
    const none = () => ({ labelled: [] as number[], others: [] as number[] });
    const served = none();
    const bySnapshot: ReturnType<typeof none>[] = [];
    try {
      for (const snapshot of evaluationOf(stored).reference.snapshots) {
        const own = none();
        bySnapshot.push(own);
        const parts = scorer.parts(database, {
          processingDate: snapshot.processing_date,
          windowDays: 30,
          rows: snapshot.rows,
        });
        for await (const { matrix, scores } of parts) {
          scores.forEach((score, row) => {
            const address = matrix.splitGroupNames[matrix.splitGroups[row] ?? -1] ?? '';
            if (!learned.has(address)) own[held.has(address) ? 'labelled' : 'others'].push(score);
          });
        }
      }
    } finally {
      await scorer.dispose();
    }
    for (const own of bySnapshot) {
      served.labelled.push(...own.labelled);
      served.others.push(...own.others);
    }
    expect(rows).toBe(served.labelled.length + served.others.length);
    expect(rows).toBeGreaterThan(saved.metadata.data_stats.num_holdout);
    expect(rows).toBeLessThan(saved.metadata.data_stats.num_alerts);
    const { data_stats: stats } = saved.metadata;
    const labelledShare = stats.num_samples / stats.num_alerts;
    const sharesOf = (scores: readonly number[]) =>
      distributionOf(Float64Array.from(scores), { edges: reference.edges }).shares;
    const [ofLabelled, ofOthers] = [sharesOf(served.labelled), sharesOf(served.others)];
    expect(served.labelled.length / rows).toBeLessThan(0.7 * labelledShare);
    reference.shares.forEach((share, bin) => {
      const expected = labelledShare * (ofLabelled[bin] ?? 0) + (1 - labelledShare) * (ofOthers[bin] ?? 0);
      expect(Math.abs(share - expected)).toBeLessThan(0.005);
    });

    // Each snapshot's, mixed as its rows are, against the others' together.
    const mixes = evaluationOf(stored).reference.snapshots.map((snapshot, i) => {
      const own = present(bySnapshot[i]);
      const [labelled, others] = [sharesOf(own.labelled), sharesOf(own.others)];
      const ofLabelled = snapshot.labelled / snapshot.rows;
      return {
        shares: labelled.map((share, bin) => ofLabelled * share + (1 - ofLabelled) * (others[bin] ?? 0)),
        rows: own.others.length / (1 - ofLabelled),
      };
    });
    for (const [i, mix] of mixes.entries()) {
      const found = present(between?.scores[i]);
      expect(Math.abs(found - psiAgainstOthers(mixes, mix))).toBeLessThan(0.05 * found + 0.01);
    }
  });

  it('knows how far each snapshot lies from the others, feature by feature', () => {
    const { features, snapshots, psi_between_snapshots: between } = evaluationOf(stored).reference;
    const { data } = present(requests.at(-1));
    expect(snapshots.length).toBeGreaterThanOrEqual(3);
    let compared = 0;
    for (const [column, { name }] of data.columns.entries()) {
      const reference = present(features[name]);
      // A bin without rows counts as half a row, of which nothing is said here.
      if (reference.missing > 0 || reference.edges.length < 5) continue;
      const ofDates = snapshots.map(({ processing_date: date }) => {
        const values = [...data.keys.ids.keys()].flatMap((row) =>
          dayText(data.keys.processingDates[row] ?? 0) === date
            ? [data.values[column * data.rows + row] ?? Number.NaN]
            : [],
        );
        const counted = distributionOf(Float64Array.from(values), { edges: reference.edges });
        return { shares: counted.shares, rows: values.length };
      });
      if (ofDates.some(({ shares }) => shares.includes(0))) continue;
      compared++;
      for (const [i, own] of ofDates.entries())
        expect(between?.features[name]?.[i]).toBeCloseTo(psiAgainstOthers(ofDates, own), 5);
    }
    expect(compared).toBeGreaterThanOrEqual(10);
  });
});

interface Shares {
  readonly shares: readonly number[];
  readonly rows: number;
}

/** Σ (c − r) · ln(c / r) with r of all the others together; bins that are empty on a side are left out. */
function psiAgainstOthers(all: readonly Shares[], own: Shares): number {
  const others = all.filter((each) => each !== own);
  const rows = sum(others.map((each) => each.rows));
  return sum(
    own.shares.map((c, bin) => {
      const r = sum(others.map((each) => (each.shares[bin] ?? 0) * each.rows)) / rows;
      return c > 0 && r > 0 ? (c - r) * Math.log(c / r) : 0;
    }),
  );
}

describe('a ranker', () => {
  it('has no curves, as nothing it says is a probability, and a distribution of scores within 0..1', async () => {
    const trainer = createLightGBMTrainer({ ...small, modelType: 'alert_ranker' });
    const { metadata } = await trainModel(database, { ...options, modelType: 'alert_ranker', trainer });
    const { holdout, reference } = evaluationOf(await loadModel(database, { model: metadata.model_id }));
    expect(holdout).toBeNull();
    expect(reference.scores.edges.length).toBeGreaterThan(3);
    expect(reference.scores.edges.every((edge) => edge > 0 && edge < 1)).toBe(true);
    expect(sum(reference.snapshots.map((one) => one.labelled))).toBe(metadata.data_stats.num_samples);
  }, 60_000);
});

describe('recordEvaluation', () => {
  const nothing = new Int32Array();
  const unjudged = {
    rows: nothing,
    probability: new Float64Array(),
    uncalibrated: new Float64Array(),
    raw: new Float64Array(),
    metrics: null,
    atThresholdIntervals: null,
    weighted: null,
    ranking: null,
    slices: null,
  };
  const training = async (trainRows: Int32Array) => {
    const plan = await planTraining(database, options.period, settleTrainOptions(options, 'recnet'));
    return {
      plan: { ...plan, judging: undefined },
      matrix: present(requests.at(-1)).data,
      judged: unjudged,
      saved: { trainRows, validationRows: nothing },
      artifacts: stored.artifacts,
      seed: 1,
    };
  };

  it('takes the scores of all rows where fewer than 100 are of addresses that the model does not know', async () => {
    const everyRow = Int32Array.from(present(requests.at(-1)).data.queryIds.keys());
    const { reference } = await recordEvaluation(await training(everyRow));
    expect(reference.score_rows).toBe(everyRow.length);
  });

  it('has no holdout and counts no labels where nothing judges', async () => {
    const { holdout, reference } = await recordEvaluation(await training(nothing));
    expect(holdout).toBeNull();
    expect(
      reference.snapshots.every((one) => one.rows > 0 && one.labelled === 0 && one.positives === 0),
    ).toBe(true);
  });

  it('stops when it is cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(recordEvaluation({ ...(await training(nothing)), signal })).rejects.toThrow(CancelledError);
  });
});
