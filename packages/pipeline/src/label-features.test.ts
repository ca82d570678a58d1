import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createRandom,
  type FeatureGroup,
  type FeatureMatrix,
  type ModelTrainer,
  type TrainRequest,
} from '@risk-scoring/contract';
import { ALL_GROUPS, DEFAULT_GROUPS } from '@risk-scoring/features';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelStrategyByName, splitterByName, trainerByName } from './registry.ts';
import { scoreSnapshot } from './scoring/score-snapshot.ts';
import { trainModel } from './train-model.ts';
import type { TrainOptions } from './train-options.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
const neighbourhood = ALL_GROUPS.filter((group) => group.readsLabels);
let database: Database;
let options: TrainOptions;

beforeAll(async () => {
  const snapshots = path.join(folder, 'sot');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 5, snapshots: 3, alerts: 6000 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: path.join(folder, 'data') }));
  await ingestSnapshots(database, { from: snapshots });
  await shuffleLabels();
  options = {
    period: { network: 'simnet', startDate: '2025-01-06', endDate: '2025-01-20', windowDays: 30 },
    modelType: 'alert_scorer',
    labelStrategy: labelStrategyByName('address'),
    trainer: trainerByName('lightgbm', 'alert_scorer'),
    splitter: splitterByName('address'),
    featureGroups: [...DEFAULT_GROUPS, ...neighbourhood],
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
  };
}, 300_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Gives every labelled address the label of another one, the same on all dates: nothing but the label itself can tell it. */
async function shuffleLabels(): Promise<void> {
  const rows = await database.query<{ address: string; risk_level: string; processing_date: string }>({
    sql: `SELECT address, argMax(risk_level, confidence_score) AS risk_level, toString(min(processing_date)) AS processing_date
FROM published_address_labels GROUP BY address ORDER BY address`,
    doing: 'reading the labels',
  });
  const random = createRandom(9);
  const levels = rows.map((row) => row.risk_level);
  for (let index = levels.length - 1; index > 0; index--) {
    const other = random.integer(index + 1);
    [levels[index], levels[other]] = [levels[other] ?? '', levels[index] ?? ''];
  }
  await database.command({ sql: 'TRUNCATE TABLE raw_address_labels', doing: 'removing the labels' });
  const labels = rows.map((row, index) => ({
    window_days: 30,
    processing_date: row.processing_date,
    network: 'simnet',
    address: row.address,
    label: '',
    risk_level: levels[index],
    confidence_score: 1,
  }));
  await database.insert('raw_address_labels', labels, 'inserting shuffled labels');
}

describe('columns that come from labels', () => {
  it('tell nothing of the label of their own row: with shuffled labels the AUC is that of chance', async () => {
    const { metadata } = await trainModel(database, options);
    expect(metadata.feature_names).toEqual(
      expect.arrayContaining(['risky_in_usd_share', 'risky_peer_share']),
    );
    // About 1,800 labelled alerts of some 900 addresses; chance gives 0.5 with a standard error of about 0.02.
    expect(metadata.metrics.cv_auc_mean).toBeGreaterThan(0.42);
    expect(metadata.metrics.cv_auc_mean).toBeLessThan(0.58);
    expect(metadata.metrics.test_auc).toBeGreaterThan(0.38);
    expect(metadata.metrics.test_auc).toBeLessThan(0.62);
    const scored = await scoreSnapshot(database, {
      date: '2025-01-20',
      windowDays: 30,
      model: metadata.model_id,
    });
    expect(scored.alerts).toBeGreaterThan(1000);
  }, 300_000);

  it('of a group that finds its way to the label of the own row fail the training', async () => {
    const column = {
      kind: 'numeric',
      meaning: 'the own label, half of it',
      missing: 'the other half',
    } as const;
    const own = {
      specificationVersion: 'v1',
      name: 'own-label',
      per: 'address',
      readsLabels: true,
      columns: [
        { ...column, name: 'even' },
        { ...column, name: 'odd' },
      ],
    } as const;
    const half = (key: string, from: string): FeatureGroup => ({
      ...own,
      sql: `SELECT processing_date, ${key} AS address_key, if(address_key % 2 = 0, max(risky), NULL) AS even, if(address_key % 2 = 1, max(risky), NULL) AS odd
FROM ${from} GROUP BY processing_date, address_key`,
    });
    const nearer = half(
      'neighbour',
      '(SELECT processing_date, neighbour_key AS neighbour, risky FROM labelled_flows)',
    );
    await expect(
      trainModel(database, { ...options, featureGroups: [...DEFAULT_GROUPS, nearer] }),
    ).rejects.toThrow(/own-label.*own address/);
    const honest = half('near', '(SELECT processing_date, address_key AS near, risky FROM labelled_flows)');
    const { metadata } = await trainModel(database, {
      ...options,
      cvFolds: 2,
      featureGroups: [...DEFAULT_GROUPS, honest],
    });
    expect(metadata.feature_names).toContain('even');
  }, 300_000);

  it('are others in every fold, and only they', async () => {
    const seen: { labels: Float32Array; rest: Float32Array }[] = [];
    const { prepare: _, ...unprepared } = options.trainer;
    const trainer: ModelTrainer = {
      ...unprepared,
      train(request: TrainRequest) {
        seen.push(columnsOf(request.data));
        return options.trainer.train(request);
      },
    };
    await trainModel(database, { ...options, trainer, cvFolds: 2 });
    expect(seen).toHaveLength(3);
    const [first, second, last] = seen;
    expect(second?.rest).toEqual(first?.rest);
    expect(last?.rest).toEqual(first?.rest);
    expect(second?.labels).not.toEqual(first?.labels);
    expect(last?.labels).not.toEqual(second?.labels);
  }, 300_000);
});

/** A copy of a matrix's columns: those from labels, and the others. */
function columnsOf(matrix: FeatureMatrix): { labels: Float32Array; rest: Float32Array } {
  const own = new Set(neighbourhood.map((group) => group.name));
  const pick = (wanted: boolean) =>
    Float32Array.from(
      matrix.columns.flatMap((column, index) =>
        own.has(column.group) === wanted
          ? Array.from(matrix.values.subarray(index * matrix.rows, (index + 1) * matrix.rows))
          : [],
      ),
    );
  return { labels: pick(true), rest: pick(false) };
}
