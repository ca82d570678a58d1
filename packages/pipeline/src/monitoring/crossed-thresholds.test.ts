import type { ModelMetadata } from '@risk-scoring/model-storage';
import { describe, expect, it } from 'vitest';
import { crossedThresholds } from './crossed-thresholds.ts';
import { type RealisedFigures, type RealisedLabels, rateZ } from './realised.ts';
import type { FeatureDrift, SnapshotDrift } from './snapshot-drift.ts';
import { type MonitorThresholds, thresholdsOf } from './thresholds.ts';

const distribution = { edges: [], shares: [1], missing: 0 };
const feature = (name: string, more: Partial<FeatureDrift> = {}): FeatureDrift => ({
  ...{ name, psi: 0, psi_by_chance: 0.05, psi_in_training: null },
  ...{ missing: 0, reference_missing: 0, gain_share: 0.01 },
  ...more,
});
const figures = (auc: number, [low, high]: [number, number], groups = 100): RealisedFigures => ({
  ...{ rows: 300, positives: 60, groups, auc, auc_interval: [low, high] },
});
const labels = (more: Partial<RealisedLabels> = {}): RealisedLabels => ({
  ...{ strategy: 'address', strategy_reason: null, labelled: 300, positives: 60, positive_rate: 0.2 },
  ...{ reference_positive_rate: 0.2, positive_rate_z: 0 },
  ...{ all: figures(0.95, [0.92, 0.97]), unseen: figures(0.9, [0.85, 0.95]), unseen_reason: null },
  ...more,
});
const drift = (more: Partial<SnapshotDrift> = {}): SnapshotDrift => ({
  ...{ processing_date: '2020-01-01', rows: 500, effective_rows: 200, in_training_period: false },
  scores: {
    ...{ psi: 0.1, psi_by_chance: 0.05, psi_in_training: null, mean: 0.2 },
    ...{ reference: distribution, current: distribution },
  },
  ...{ features: [feature('a')], labels: null },
  ...more,
});

/** A model whose holdout promised an AUC of 0.88 and more; `shared` of its holdout's addresses were in its training. */
function cross(more: Partial<SnapshotDrift>, given: Partial<MonitorThresholds> = {}, shared = 0) {
  const metadata = {
    metrics: { test_intervals: { auc: [0.88, 0.96] } },
    leakage_check: { groups_on_both_sides: { groups: 0, share: shared } },
  } as unknown as ModelMetadata;
  return crossedThresholds(drift(more), { metadata, thresholds: thresholdsOf(given) });
}
const checks = (...args: Parameters<typeof cross>) => cross(...args).map(({ check }) => check);

describe('crossedThresholds', () => {
  it('is quiet where nothing has changed', () => {
    expect(cross({ labels: labels() })).toEqual([]);
  });

  it('tells drift of the scores from chance, and later snapshots from those of the training', () => {
    const scores = { ...drift().scores, psi: 0.3 };
    expect(checks({ scores })).toEqual(['score_psi']);
    expect(checks({ scores: { ...scores, psi_by_chance: 0.47 } })).toEqual([]);
    expect(checks({ scores }, { scorePsi: 0.4 })).toEqual([]);
    expect(checks({ scores, in_training_period: true })).toEqual([]);
  });

  it('takes what snapshots of the training showed among themselves for usual', () => {
    const scores = { ...drift().scores, psi: 0.3 };
    expect(checks({ scores: { ...scores, psi_in_training: 0.31 } })).toEqual([]);
    expect(cross({ scores: { ...scores, psi_in_training: 0.29 } })).toMatchObject([
      {
        check: 'score_psi',
        says: expect.stringContaining('usual among snapshots of the training: up to 0.29'),
      },
    ]);
    const moved = { psi: 3, missing: 0.5, gain_share: 0.3 };
    expect(checks({ features: [feature('a', { ...moved, psi_in_training: 3.1 })] })).toEqual([]);
    expect(checks({ features: [feature('a', { ...moved, psi_in_training: 2.9 })] })).toEqual([
      ...['drifted_features', 'top_feature', 'missing_values'],
    ]);
  });

  it('counts drifted features, those in use only', () => {
    const used = Array.from({ length: 20 }, (_, i) => feature(`used_${i}`, { gain_share: 0.05 - i / 1000 }));
    const drifting = (from: number, to: number) =>
      used.map((each, i) => (i >= from && i < to ? { ...each, psi: 0.4 } : each));
    expect(checks({ features: drifting(15, 19) })).toEqual([]);
    expect(cross({ features: drifting(15, 20) })).toMatchObject([
      {
        check: 'drifted_features',
        found: 0.25,
        features: ['used_15', 'used_16', 'used_17', 'used_18', 'used_19'],
      },
    ]);
    // The ninth of most gain is one of ten that matter most, the eleventh is not.
    expect(cross({ features: drifting(8, 9) })).toMatchObject([
      { check: 'top_feature', features: ['used_8'] },
    ]);
    expect(checks({ features: drifting(10, 11) })).toEqual([]);
    expect(checks({ features: [...used, feature('unused', { psi: 9, gain_share: 0 })] })).toEqual([]);
    const unsaid = [feature('a', { psi: 9, gain_share: null }), feature('b', { gain_share: null })];
    expect(checks({ features: unsaid })).toEqual(['drifted_features']);
  });

  it('reports values that went missing, not ones that came', () => {
    const gone = { psi: 0.2, missing: 0.3, reference_missing: 0.1 };
    expect(cross({ features: [feature('a', gone)] })).toMatchObject([
      { check: 'missing_values', features: ['a'] },
    ]);
    expect(checks({ features: [feature('a', { ...gone, psi_by_chance: 0.3 })] })).toEqual([]);
    expect(checks({ features: [feature('a', { psi: 0.2, missing: 0.1, reference_missing: 0.3 })] })).toEqual(
      [],
    );
  });

  it('does not take a few labels for a drift of labels', () => {
    expect(checks({ labels: labels({ positive_rate: 0.4, positive_rate_z: 5 }) })).toEqual(['label_drift']);
    expect(checks({ labels: labels({ positive_rate: 0.05, positive_rate_z: -5 }) })).toEqual(['label_drift']);
    expect(checks({ labels: labels({ positive_rate: 0.4, positive_rate_z: 2 }) })).toEqual([]);
    expect(checks({ labels: labels({ positive_rate: 0.25, positive_rate_z: 5 }) })).toEqual([]);
  });

  it('holds the AUC of unseen addresses against the holdout, and an interval against an interval', () => {
    expect(checks({ labels: labels({ unseen: figures(0.8, [0.7, 0.87]) }) })).toEqual(['auc_below_promise']);
    expect(checks({ labels: labels({ unseen: figures(0.8, [0.7, 0.89]) }) })).toEqual([]);
    expect(checks({ labels: labels({ unseen: figures(0.8, [0.7, 0.87], 19) }) })).toEqual([]);
    // Where the holdout had addresses of the training, so have the rows that it is compared with.
    expect(checks({ labels: labels({ unseen: figures(0.8, [0.7, 0.87]) }) }, {}, 0.9)).toEqual([]);
    expect(checks({ labels: labels({ all: figures(0.8, [0.7, 0.87]) }) }, {}, 0.9)).toEqual([
      'auc_below_promise',
    ]);
  });

  it('asks for the least AUC on unseen addresses', () => {
    expect(checks({ labels: labels() }, { minAuc: 0.92 })).toEqual(['min_auc']);
    expect(checks({ labels: labels() }, { minAuc: 0.89 })).toEqual([]);
    expect(checks({ labels: null }, { minAuc: 0.99 })).toEqual([]);
  });

  it('says so where nobody can tell which addresses are unseen, and holds all rows against the promise', () => {
    const untold = labels({ unseen: null, unseen_reason: 'the database holds other rows' });
    expect(cross({ labels: untold })).toEqual([]);
    expect(cross({ labels: untold }, { minAuc: 0.5 })).toMatchObject([
      { check: 'min_auc', found: null, says: expect.stringContaining('the database holds other rows') },
    ]);
    const poor = { ...untold, all: figures(0.8, [0.7, 0.87]) };
    expect(cross({ labels: poor })).toMatchObject([
      { check: 'auc_below_promise', says: expect.stringContaining('on all labelled rows') },
    ]);
  });
});

describe('rateZ', () => {
  it('is the two-proportion z', () => {
    // 30 of 100 against 200 of 1000: pooled 230/1100 = 0.20909, error √(0.20909 · 0.79091 · 0.011) = 0.042651, z = 0.1 / 0.042651.
    expect(rateZ({ rate: 0.3, rows: 100 }, { rate: 0.2, rows: 1000 })).toBeCloseTo(2.3446, 3);
  });

  it('is null where it cannot be told', () => {
    expect(rateZ({ rate: 0, rows: 100 }, { rate: 0, rows: 1000 })).toBeNull();
    expect(rateZ({ rate: 0.5, rows: 0 }, { rate: 0.5, rows: 10 })).toBeNull();
  });
});
