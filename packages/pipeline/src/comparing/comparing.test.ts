import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rocAuc } from '@risk-scoring/evaluation';
import { listAliases, moveAlias, readStoredModel, type SavedModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelSnapshot } from '../labelling/label-snapshot.ts';
import { labelStrategyByName, splitterByName, trainerByName } from '../registry.ts';
import { scoreSnapshot } from '../scoring/score-snapshot.ts';
import { trainModel } from '../train-model.ts';
import type { TrainOptions } from '../train-options.ts';
import { compareModels } from './compare-models.ts';
import { GateNotPassedError } from './gate.ts';
import { promoteModel } from './promote-model.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-test-'));
let database: Database;
let dates: string[];
let good: SavedModel;
let poor: SavedModel;
let refitted: SavedModel;

/** A model of the first two snapshots. */
function train(
  settings: Readonly<Record<string, unknown>>,
  more: Partial<TrainOptions> = {},
): Promise<SavedModel> {
  return trainModel(database, {
    period: { network: 'simnet', startDate: dates[0] ?? '', endDate: dates[1] ?? '', windowDays: 30 },
    modelType: 'alert_scorer',
    labelStrategy: labelStrategyByName('address'),
    trainer: trainerByName('lightgbm', 'alert_scorer', { settings: { threads: 1, ...settings } }),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
    cvFolds: 2,
    ...more,
  });
}

const idOf = ({ metadata }: SavedModel) => metadata.model_id;
const last = () => dates.at(-1) ?? '';
const fast = { resamples: 100 };

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 5, snapshots: 3, alerts: 6000 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  dates = (await ingestSnapshots(database, { from: snapshots })).map((outcome) => outcome.processingDate);
  poor = await train({ max_rounds: 1, num_leaves: 2 });
  good = await train({ max_rounds: 60 });
  refitted = await train({ max_rounds: 20 }, { refitAll: true });
}, 300_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Labels, published scores and addresses of a snapshot's labelled alerts, put together in SQL and with none of the code under test. */
async function labelledScores(date: string, modelId: string) {
  await scoreSnapshot(database, { date, windowDays: 30, model: modelId });
  // One row: a labelled alert. The simulator says one thing of an address, whichever the snapshot.
  return database.query<{ address: string; label: number; score: number; trained: number }>({
    sql: `SELECT lower(scored.address) AS address, label.suspicious AS label, scored.score AS score,
    lower(scored.address) IN (
        SELECT lower(address) FROM published_alerts
        WHERE processing_date BETWEEN {first:Date} AND {second:Date} AND window_days = 30
    ) AS trained
FROM (SELECT address, score FROM published_alert_scores WHERE processing_date = {date:Date} AND model_id = {model:String}) AS scored
INNER JOIN
(
    SELECT lower(address) AS labelled_address,
        argMax(risk_level IN ('high', 'critical'), (confidence_score, processing_date, risk_level IN ('high', 'critical'))) AS suspicious
    FROM published_address_labels
    WHERE confidence_score > 0
    GROUP BY labelled_address
) AS label ON lower(scored.address) = label.labelled_address`,
    params: { date, model: modelId, first: dates[0], second: dates[1] },
    doing: 'reading labelled scores',
  });
}

describe('compareModels', () => {
  it('judges both on the same rows, and its figures are those of the published scores', async () => {
    const comparison = await compareModels(database, {
      first: idOf(poor),
      second: idOf(good),
      startDate: last(),
      ...fast,
    });
    const auc = (rows: readonly { label: number; score: number }[]) =>
      rocAuc(
        Int8Array.from(rows, ({ label }) => label),
        Float64Array.from(rows, ({ score }) => score),
      );
    const ofPoor = await labelledScores(last(), idOf(poor));
    const ofGood = await labelledScores(last(), idOf(good));
    expect(comparison.all.rows).toBe(ofGood.length);
    expect(comparison.all.first.auc).toBeCloseTo(auc(ofPoor), 10);
    expect(comparison.all.second.auc).toBeCloseTo(auc(ofGood), 10);
    expect(comparison.all.auc_difference.difference).toBeCloseTo(auc(ofGood) - auc(ofPoor), 10);

    const { holdoutGroups } = await readStoredModel(good.metadataPath);
    const kept = new Set(holdoutGroups.map((address) => address.toLowerCase()));
    const unseen = ofGood.filter(({ address, trained }) => trained === 0 || kept.has(address));
    expect(comparison.unseen?.rows).toBe(unseen.length);
    expect(unseen.length).toBeGreaterThan(50);
    expect(unseen.length).toBeLessThan(ofGood.length);
    expect(comparison.unseen?.second.auc).toBeCloseTo(auc(unseen), 10);
    expect(comparison.learned_from).toEqual({
      first: ofGood.length - unseen.length,
      second: ofGood.length - unseen.length,
    });

    expect(comparison.unseen?.auc_difference.interval[0]).toBeGreaterThan(0);
    expect(comparison.snapshots).toMatchObject([{ processing_date: last(), in_training_of: [] }]);
    expect(comparison.labels).toMatchObject({ name: 'address', from: 'model' });
  });

  it('says of a model and itself that there is no difference, on the latest snapshot where no date is given', async () => {
    const comparison = await compareModels(database, { first: idOf(good), second: idOf(good), ...fast });
    expect(comparison.snapshots.map((snapshot) => snapshot.processing_date)).toEqual([last()]);
    expect(comparison.all.auc_difference).toMatchObject({ difference: 0, interval: [0, 0], share_better: 0 });
    expect(comparison.parameters).toEqual([]);
    expect(comparison.features).toEqual({
      added: [],
      removed: [],
      same: good.metadata.feature_names.length,
      same_schema: true,
    });
  });

  it('counts the holdout of both as unseen where the snapshot is of the training period, and none of a refitted model', async () => {
    const range = { startDate: dates[0] ?? '', endDate: dates[1] ?? '', ...fast };
    const comparison = await compareModels(database, { first: idOf(poor), second: idOf(good), ...range });
    // Both set the same addresses aside: same data, same seed.
    expect(comparison.unseen?.rows).toBe(good.metadata.data_stats.num_holdout);
    expect(comparison.unseen?.second.auc).toBeCloseTo(good.metadata.metrics.test_auc ?? Number.NaN, 5);
    expect(comparison.snapshots.map((snapshot) => snapshot.in_training_of)).toEqual([
      ['first', 'second'],
      ['first', 'second'],
    ]);
    const other = await compareModels(database, { first: idOf(good), second: idOf(refitted), ...range });
    expect(other.unseen).toBeNull();
    expect(other.unseen_reason).toMatch(/too little that neither model learned from.*suspicious rows of 0/);
    expect(other.second.refitted).toBe(true);
    expect(other.learned_from.second).toBe(other.all.rows);
  });

  it('shows what was set otherwise', async () => {
    const { parameters, first, second } = await compareModels(database, {
      first: idOf(poor),
      second: idOf(good),
      ...fast,
    });
    expect(parameters).toContainEqual({ name: 'num_leaves', first: 2, second: expect.any(Number) });
    expect(parameters.map(({ name }) => name)).not.toContain('seed');
    expect(first.metrics.test_auc?.value).toBe(poor.metadata.metrics.test_auc);
    expect(second.metrics.test_auc?.interval).toEqual(good.metadata.metrics.test_intervals.auc);
  });

  it('judges by the strategy that is handed in, and by the reference where the models were judged by different ones', async () => {
    const pair = { first: idOf(poor), second: idOf(good), ...fast };
    const byProxy = await compareModels(database, { ...pair, labelStrategy: labelStrategyByName('proxy') });
    expect(byProxy.labels).toMatchObject({ name: 'proxy', from: 'caller' });
    const odd = await train(
      { max_rounds: 2 },
      { evaluationLabels: labelStrategyByName('proxy'), outputDir: path.join(folder, 'odd') },
    );
    const mixed = await compareModels(database, { first: idOf(good), second: idOf(odd), ...fast });
    expect(mixed.labels).toMatchObject({
      name: 'address',
      from: 'reference',
      reason: "the models were judged by different labels: 'address' (true) and 'proxy' (proxy)",
    });
  }, 60_000);

  it('refuses other types and windows, dates without a snapshot, and snapshots without labels', async () => {
    const elsewhere = edited(good, 'elsewhere', { network: 'bitcoin' });
    const pair = { first: idOf(good), ...fast };
    await expect(compareModels(database, { ...pair, second: elsewhere })).rejects.toMatchObject({
      code: 'MODELS_NOT_COMPARABLE',
      found: expect.stringContaining('bitcoin'),
      remedy: 'choose two with: npx risk-scoring models list --network simnet',
    });
    const window = edited(good, 'window', {
      training_period: { ...good.metadata.training_period, window_days: 7 },
    });
    await expect(compareModels(database, { ...pair, second: window })).rejects.toMatchObject({
      code: 'MODELS_NOT_COMPARABLE',
    });
    const type = edited(good, 'type', { model_type: 'alert_ranker' });
    await expect(compareModels(database, { ...pair, second: type })).rejects.toMatchObject({
      code: 'MODELS_NOT_COMPARABLE',
    });
    const same = { ...pair, second: idOf(poor) };
    await expect(compareModels(database, { ...same, startDate: '2001-01-01' })).rejects.toMatchObject({
      code: 'NO_ALERTS_FOUND',
    });
    await expect(
      compareModels(database, { ...same, labelStrategy: labelStrategyByName('alert') }),
    ).rejects.toMatchObject({ code: 'NO_LABELS_TO_COMPARE_BY' });
    await expect(compareModels(database, { ...same, labelStrategy: oneOfEachClass() })).rejects.toMatchObject(
      { code: 'TOO_FEW_TO_COMPARE' },
    );
  });

  it('refuses a model that is not of the type or the window that was asked for, as the first and as the second', async () => {
    const window = edited(good, 'asked', {
      training_period: { ...good.metadata.training_period, window_days: 7 },
    });
    const pair = { first: idOf(good), second: idOf(poor), ...fast };
    const asked = [
      { ...pair, modelType: 'alert_ranker' as const },
      { ...pair, windowDays: 7 },
      { ...pair, first: window, windowDays: 7 },
    ];
    for (const options of asked)
      await expect(compareModels(database, options)).rejects.toMatchObject({
        code: 'MODEL_DOES_NOT_FIT',
        category: 'input',
        found: 'alert_scorer for window_days = 30',
      });
    const same = { ...pair, modelType: 'alert_scorer' as const, windowDays: 30 };
    expect((await compareModels(database, same)).window_days).toBe(30);
  });

  it('does not guess what a model learned from when the data of its training is not there', async () => {
    const changed = edited(good, 'changed', {
      data_fingerprint: { ...good.metadata.data_fingerprint, raw_alerts: { rows: 1, hash: '1' } },
    });
    const comparison = await compareModels(database, { first: idOf(poor), second: changed, ...fast });
    expect(comparison.unseen).toBeNull();
    expect(comparison.unseen_reason).toMatch(
      /cannot be told: .* rows in raw_alerts, and 1 were trained on; .* trained on the data as it is now/,
    );
    expect(comparison.learned_from.second).toBeNull();
    expect(comparison.learned_from.first).toBeGreaterThan(0);
  });
});

describe('labelSnapshot', () => {
  const labels = (date: string) =>
    labelSnapshot(database, { metadata: good.metadata, processingDate: date, windowDays: 30 });

  it('labels as the training did, and says by what', async () => {
    const first = await labels(dates[0] ?? '');
    const second = await labels(dates[1] ?? '');
    const { num_samples: samples, positive_rate: rate } = good.metadata.data_stats;
    expect(first.labels.size + second.labels.size).toBe(samples);
    const positives = [...first.labels.values(), ...second.labels.values()].filter((label) => label === 1);
    expect(positives.length / samples).toBeCloseTo(rate, 10);
    expect(first.strategy).toEqual({
      name: 'address',
      settings: good.metadata.label_strategy_settings,
      from: 'model',
    });
  });

  it('counts what a later snapshot says of an address', async () => {
    const before = await labels(last());
    const [unlabelled] = await database.query<{ alert_id: string; address: string }>({
      sql: `SELECT alert_id, address FROM published_alerts
WHERE processing_date = {date:Date} AND lower(address) NOT IN (SELECT lower(address) FROM published_address_labels)
ORDER BY alert_id LIMIT 1`,
      params: { date: last() },
      doing: 'finding an alert without a label',
    });
    if (unlabelled === undefined) throw new Error('Every alert has a label.');
    expect(before.labels.has(unlabelled.alert_id)).toBe(false);
    const row = {
      window_days: 30,
      processing_date: '2040-01-01',
      network: 'simnet',
      address: unlabelled.address,
      label: 'later',
      risk_level: 'critical',
      confidence_score: 1,
    };
    await database.insert('raw_address_labels', [row], 'inserting');
    expect((await labels(last())).labels.get(unlabelled.alert_id)).toBe(1);
  });

  it('labels by the reference, and says why, where the model’s own strategy is not here', async () => {
    const judgedBy = (strategy: string, settings: Record<string, unknown>) => ({
      model_type: 'alert_scorer' as const,
      seed: 1,
      labels: { ...ofLabels(good), judged_by: { strategy, settings, kind: 'true' as const, own: true } },
    });
    const request = { processingDate: last(), windowDays: 30 };
    const strange = await labelSnapshot(database, { ...request, metadata: judgedBy('./mine.js', {}) });
    expect(strange.strategy).toMatchObject({ name: 'address', from: 'reference' });
    expect(strange.strategy.reason).toMatch(/'\.\/mine\.js', which judged the model, cannot be made again/);
    expect(strange.labels).toEqual((await labels(last())).labels);
    const gone = judgedBy('custom', { file: path.join(folder, 'gone.csv') });
    const { strategy } = await labelSnapshot(database, { ...request, metadata: gone });
    expect(strategy.reason).toMatch(/'custom', which judged the model, cannot label here/);
    const inner = judgedBy('combined', { strategies: ['address', './evil.js'] });
    expect((await labelSnapshot(database, { ...request, metadata: inner })).strategy.from).toBe('reference');
  });
});

describe('promoteModel', () => {
  const champion = async (alias = 'champion') =>
    (await listAliases(database, { modelType: 'alert_scorer', alias }))[0]?.model_id ?? null;
  const gate = { startDate: '', maxEce: 0.5, ...fast };
  beforeAll(() => {
    gate.startDate = last();
  });

  it('moves an alias without a gate, and only once', async () => {
    const promotion = await promoteModel(database, { model: idOf(poor), alias: 'plain', reason: 'a start' });
    expect(promotion).toMatchObject({ from: null, moved: true, gate: null, move: { reason: 'a start' } });
    const again = await promoteModel(database, { model: 'plain', alias: 'plain', gate });
    expect(again).toMatchObject({ moved: false, from: idOf(poor), move: promotion.move });
  });

  it('asks only for what a model can show by itself where there is no champion, then for more', async () => {
    const first = await promoteModel(database, {
      model: idOf(poor),
      gate: { ...gate, minImprovement: 0.01 },
    });
    expect(first.gate?.champion).toBeNull();
    expect(first.gate?.conditions.map(({ condition }) => condition)).toEqual([
      'judgeable',
      'calibrated',
      'no leakage',
    ]);
    expect(first.gate?.remarks).toEqual(['there is no model in office to be better than']);

    const demanded = { ...gate, minImprovement: 0.01, confident: true };
    const better = await promoteModel(database, { model: idOf(good), gate: demanded });
    expect(better).toMatchObject({ from: idOf(poor), moved: true });
    expect(better.gate?.conditions.every(({ passed }) => passed)).toBe(true);
    expect(better.move.reason).toMatch(/^gate passed on \d+ rows of the snapshot of .*: AUC \+0\.\d{4}/);
    expect(await champion()).toBe(idOf(good));
  });

  it('refuses a worse model with every figure, and moves nothing', async () => {
    await moveAlias(database, { modelType: 'alert_scorer', alias: 'strict', modelId: idOf(good) });
    const worse = promoteModel(database, {
      model: idOf(poor),
      alias: 'strict',
      gate: { ...gate, minImprovement: 0, confident: true, maxEce: 0 },
    });
    await expect(worse).rejects.toThrow(GateNotPassedError);
    await expect(worse).rejects.toMatchObject({
      code: 'GATE_NOT_PASSED',
      category: 'model',
      summary: expect.stringContaining('3 of 5 conditions failed'),
      found: expect.stringMatching(
        /passed: judgeable.*FAILED: improvement \(AUC −0\.\d{4} .*FAILED: confident.*FAILED: calibrated \(an expected calibration error of 0\..*% in training.*passed: no leakage/,
      ),
      remedy: expect.stringMatching(
        /train a better model.*--max-ece.*npx risk-scoring models promote .* --alias strict$/,
      ),
    });
    expect(await champion('strict')).toBe(idOf(good));
  });

  it('does not judge on rows that the challenger learned from, such as those of a refitted model’s own period', async () => {
    await moveAlias(database, { modelType: 'alert_scorer', alias: 'office', modelId: idOf(poor) });
    const within = { ...fast, maxEce: 0.5, startDate: dates[0], endDate: dates[1], minImprovement: 0 };
    const promotion = promoteModel(database, { model: idOf(refitted), alias: 'office', gate: within });
    await expect(promotion).rejects.toMatchObject({
      code: 'GATE_NOT_PASSED',
      found: expect.stringMatching(/^FAILED: judgeable \(0 rows, 0 of them suspicious/),
    });
    expect(await champion('office')).toBe(idOf(poor));
    const later = await promoteModel(database, {
      model: idOf(refitted),
      alias: 'office',
      gate: { ...gate, minImprovement: -1 },
    });
    expect(later.gate?.remarks).toEqual([expect.stringContaining('was refitted on all its rows')]);
  });

  it('refuses a model that was allowed to leak, also by way of a file that claims to be it', async () => {
    const leaky = await train({ max_rounds: 60 }, { outputDir: path.join(folder, 'leaky') });
    // As a training with --allow-leakage leaves it, registered with the hash of what it says.
    const text = JSON.parse(readFileSync(leaky.metadataPath, 'utf8'));
    text.leakage_check = {
      ...text.leakage_check,
      passed: false,
      findings: [{ check: 'single features', found: 'leaky_column', remedy: 'leave it out' }],
    };
    writeFileSync(leaky.metadataPath, JSON.stringify(text));
    await reregister(leaky);
    await expect(promoteModel(database, { model: idOf(leaky), alias: 'clean', gate })).rejects.toMatchObject({
      code: 'GATE_NOT_PASSED',
      summary: expect.stringContaining('1 of 3 conditions failed'),
      found: expect.stringContaining('FAILED: no leakage (it found single features: leaky_column)'),
      remedy: expect.stringMatching(/^train it again without what leaks; or promote it without a gate/),
    });
    const forged = edited(leaky, 'forged', {
      model_id: idOf(leaky),
      leakage_check: good.metadata.leakage_check,
    });
    await expect(promoteModel(database, { model: forged, alias: 'clean', gate })).rejects.toMatchObject({
      code: 'MODEL_FILE_CHANGED',
    });
    expect(await champion('clean')).toBeNull();
  }, 60_000);

  it('refuses a model that is not of the type or the window that was asked for', async () => {
    await moveAlias(database, { modelType: 'alert_scorer', alias: 'asked', modelId: idOf(good) });
    for (const model of [idOf(poor), poor.metadataPath, 'asked'])
      for (const asked of [{ windowDays: 7 }, { modelType: 'alert_ranker' as const }]) {
        if (model === 'asked' && 'modelType' in asked) continue;
        await expect(
          promoteModel(database, { model, alias: 'contradicted', ...asked }),
        ).rejects.toMatchObject({
          code: 'MODEL_DOES_NOT_FIT',
          remedy: expect.stringContaining('models list --network simnet --model-type'),
        });
      }
    expect(await champion('contradicted')).toBeNull();
  });

  it('does not open where the model that has the alias is gone, but for what a model shows by itself', async () => {
    const gone = await train({ max_rounds: 2 }, { outputDir: path.join(folder, 'gone') });
    await moveAlias(database, { modelType: 'alert_scorer', alias: 'gone', modelId: idOf(gone) });
    const demand = (more: object) =>
      promoteModel(database, { model: idOf(poor), alias: 'gone', gate: { ...gate, ...more } });
    const refusal = {
      code: 'ALIAS_MODEL_UNUSABLE',
      category: 'model',
      summary: expect.stringContaining(`The alert_scorer alias 'gone' stands for ${idOf(gone)}`),
      remedy: expect.stringContaining(
        `npx risk-scoring models promote ${idOf(poor)} --network simnet --alias gone --gate --date ${last()}; `,
      ),
    };
    rmSync(gone.metadataPath);
    await expect(demand({ minImprovement: -1 })).rejects.toMatchObject(refusal);
    await database.command({
      sql: 'DELETE FROM trained_models WHERE model_id = {model:String} SETTINGS mutations_sync = 1',
      params: { model: idOf(gone) },
      doing: 'forgetting a model',
    });
    await expect(demand({ confident: true })).rejects.toMatchObject(refusal);
    expect(await champion('gone')).toBe(idOf(gone));
    const alone = await demand({});
    const remark = `gone stood for ${idOf(gone)}, which cannot be read: nothing was compared with it`;
    expect(alone).toMatchObject({
      from: idOf(gone),
      moved: true,
      gate: { champion: null, remarks: [remark] },
    });
    expect(alone.move.reason).toContain(remark);
  }, 60_000);

  it('advises to train again, and no other snapshots, where nobody can tell what a model learned from', async () => {
    const stale = await train({ max_rounds: 3 }, { outputDir: path.join(folder, 'stale') });
    const text = JSON.parse(readFileSync(stale.metadataPath, 'utf8'));
    text.data_fingerprint.raw_alerts.hash = '1';
    writeFileSync(stale.metadataPath, JSON.stringify(text));
    await reregister(stale);
    const train_again = `npx risk-scoring train --network simnet --model-type alert_scorer --start-date ${dates[0]} --end-date ${dates[1]} --window-days 30`;
    const refused = (model: SavedModel) =>
      promoteModel(database, {
        model: idOf(model),
        alias: 'stale',
        gate: { ...gate, minImprovement: 0 },
      }).then(
        () => expect.unreachable(),
        (error: GateNotPassedError) => error,
      );
    const challenger = await refused(stale);
    expect(challenger.code).toBe('GATE_NOT_PASSED');
    expect(challenger.remedy).toBe(
      `train ${idOf(stale)} again, with its settings, on the data as it is now: ${train_again}; or promote it without a gate: npx risk-scoring models promote ${idOf(stale)} --network simnet --alias stale`,
    );
    await moveAlias(database, { modelType: 'alert_scorer', alias: 'stale', modelId: idOf(stale) });
    const { remedy, found } = await refused(good);
    expect(found).toMatch(/FAILED: judgeable \(what .* learned from cannot be told/);
    expect(remedy).toContain(
      `${train_again}, and let it take the place of the present one without a gate first`,
    );
    expect(remedy).not.toContain('more snapshots');
  }, 60_000);

  it('moves nothing when the alias was moved while it judged', async () => {
    await moveAlias(database, { modelType: 'alert_scorer', alias: 'raced', modelId: idOf(poor) });
    let moved: Promise<unknown> | undefined;
    const promotion = promoteModel(database, {
      model: idOf(good),
      alias: 'raced',
      gate: {
        ...gate,
        minImprovement: 0,
        onProgress: () => {
          moved ??= moveAlias(database, {
            modelType: 'alert_scorer',
            alias: 'raced',
            modelId: idOf(refitted),
          });
        },
      },
    });
    await expect(promotion).rejects.toMatchObject({ code: 'ALIAS_MOVED_MEANWHILE' });
    await moved;
    expect(await champion('raced')).toBe(idOf(refitted));
  });

  it('refuses limits that cannot be meant', async () => {
    for (const wrong of [{ minImprovement: Number.NaN }, { minImprovement: 2 }, { maxEce: -0.1 }])
      await expect(
        promoteModel(database, { model: idOf(good), alias: 'wrong', gate: { ...gate, ...wrong } }),
      ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

/** A metadata file beside a model's that says something else, of a model that is not registered. */
function edited({ metadata, metadataPath }: SavedModel, name: string, change: object): string {
  const file = metadataPath.replace(/\.json$/, `-${name}.json`);
  const model_id = metadata.model_id.replace(/\d{6}$/, '999999');
  writeFileSync(file, JSON.stringify({ ...metadata, model_id, ...change }));
  return file;
}

/** Makes the database take a model's metadata as it is now. */
async function reregister({ metadata, metadataPath }: SavedModel): Promise<void> {
  const sha256 = createHash('sha256').update(readFileSync(metadataPath)).digest('hex');
  await database.command({
    sql: 'ALTER TABLE trained_models UPDATE metadata_sha256 = {sha256:String} WHERE model_id = {model:String} SETTINGS mutations_sync = 1',
    params: { model: metadata.model_id, sha256 },
    doing: 'registering again',
  });
}

function ofLabels({ metadata }: SavedModel) {
  if (metadata.labels === undefined) throw new Error('The model says nothing of its labels.');
  return metadata.labels;
}

/** Labels of one alert that is suspicious and one that is not. */
function oneOfEachClass() {
  const strategy = labelStrategyByName('address');
  return {
    ...strategy,
    deriveLabels: async (...args: Parameters<typeof strategy.deriveLabels>) => {
      const labelSet = await strategy.deriveLabels(...args);
      const kept = [labelSet.labels.indexOf(1), labelSet.labels.indexOf(0)];
      const keep = (row: number) => kept.includes(row);
      return {
        labels: labelSet.labels.map((label, row) => (keep(row) ? label : -1)),
        weights: labelSet.weights.map((weight, row) => (keep(row) ? weight : 0)),
        sources: {
          ...labelSet.sources,
          codes: labelSet.sources.codes.map((code, row) => (keep(row) ? code : -1)),
        },
      };
    },
  };
}
