import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rocAuc } from '@risk-scoring/evaluation';
import { readStoredModel } from '@risk-scoring/model-storage';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelStrategyByName, splitterByName, trainerByName } from './registry.ts';
import { scoreSnapshot } from './scoring/score-snapshot.ts';
import { trainModel } from './train-model.ts';

const snapshots = fileURLToPath(new URL('../../../../shared/data/ethereum-2018-2019', import.meta.url));
const isHere = existsSync(snapshots);
if (!isHere) console.warn(`skipped: the tests on real data, as ${snapshots} is not here`);

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;

beforeAll(async () => {
  if (isHere) ({ database } = await initDatabase({ network: 'ethereum', dataDir: folder }));
});
afterAll(async () => {
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!isHere)('on real Ethereum snapshots', () => {
  it('ingests, trains, judges and scores with figures that can be believed', {
    timeout: 300_000,
  }, async () => {
    const outcomes = await ingestSnapshots(database, { from: snapshots });
    expect(outcomes).toHaveLength(24);
    // The data's README counts 34,440 alerts in all snapshots.
    expect(outcomes.reduce((sum, outcome) => sum + (outcome.rows.raw_alerts ?? 0), 0)).toBe(34_440);

    const { metadata, metadataPath } = await trainModel(database, {
      period: { network: 'ethereum', startDate: '2018-02-01', endDate: '2019-12-01', windowDays: 30 },
      modelType: 'alert_scorer',
      labelStrategy: labelStrategyByName('address'),
      trainer: trainerByName('lightgbm', 'alert_scorer'),
      splitter: splitterByName('address'),
      outputDir: path.join(folder, 'models'),
      modelVersion: '1.0.0',
      seed: 42,
    });
    const { metrics } = metadata;
    // A plain LightGBM reaches about 0.94 on unseen addresses of the same snapshots; 0.98 or more is a leak.
    expect(metrics.test_auc).toBeGreaterThan(0.88);
    expect(metrics.test_auc).toBeLessThan(0.98);
    expect(metrics.cv_auc_mean).toBeGreaterThan(0.88);
    expect(metrics.cv_auc_mean).toBeLessThan(0.98);

    const result = await scoreSnapshot(database, { date: '2020-01-01', windowDays: 30 });
    expect(result.alerts).toBe(698);
    const unseen = await scoresOfUnseenAddresses();
    // About 0.87 on unseen addresses of later snapshots; this one snapshot has some 100 such alerts.
    const auc = rocAuc(Int8Array.from(unseen.labels), Float64Array.from(unseen.scores));
    expect(auc).toBeGreaterThan(0.75);
    expect(auc).toBeLessThan(0.98);
    console.info(
      `real data: holdout AUC ${metrics.test_auc?.toFixed(4)}, CV ${metrics.cv_auc_mean?.toFixed(4)} ± ${metrics.cv_auc_std?.toFixed(4)}, ` +
        `unseen addresses of the next snapshot ${auc.toFixed(4)} (${unseen.labels.length} alerts)`,
    );
    expect((await readStoredModel(metadataPath)).holdoutGroups.length).toBe(
      metadata.data_stats.num_holdout_addresses,
    );
  });
});

/** Scores and FLAG labels of the last snapshot's alerts whose address has no alert in any snapshot trained on. */
async function scoresOfUnseenAddresses(): Promise<{ labels: number[]; scores: number[] }> {
  const rows = await database.query<{ label: number; score: number }>({
    sql: `SELECT label.suspicious AS label, scored.score AS score
FROM (SELECT address, score FROM published_alert_scores WHERE processing_date = '2020-01-01') AS scored
INNER JOIN
(
    SELECT address AS labelled_address, max(risk_level IN ('high', 'critical')) AS suspicious
    FROM published_address_labels
    WHERE processing_date = '2020-01-01'
    GROUP BY address
) AS label ON scored.address = label.labelled_address
WHERE scored.address NOT IN (SELECT address FROM published_alerts WHERE processing_date < '2020-01-01')`,
    doing: 'reading the scores of unseen addresses',
  });
  return { labels: rows.map((row) => row.label), scores: rows.map((row) => row.score) };
}
