import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom, type ModelType, RiskScoringError } from '@risk-scoring/contract';
import { readStoredModel, type SavedModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelStrategyByName, splitterByName } from '../registry.ts';
import { trainModel } from '../train-model.ts';
import { openModelScorer } from './score-parts.ts';
import { type ScoringResult, scoreSnapshot, scoreSnapshots } from './score-snapshot.ts';
import { openScoresFile } from './scores-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-scoring-'));
const snapshots = path.join(folder, 'snapshots');
let database: Database;
let dates: string[];
let newest: string;
const models = new Map<ModelType, SavedModel>();

beforeAll(async () => {
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 8, snapshots: 4, alerts: 2500 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: folder }));
  dates = (await ingestSnapshots(database, { from: snapshots })).map(({ processingDate }) => processingDate);
  newest = dates.at(-1) ?? '';
  for (const modelType of ['alert_scorer', 'alert_ranker', 'cluster_scorer'] as const) {
    const ofClusters = modelType === 'cluster_scorer';
    models.set(
      modelType,
      await trainModel(database, {
        period: {
          network: 'simnet',
          // Clusters of several snapshots hang together and could not be divided.
          startDate: (ofClusters ? dates.at(-2) : dates[0]) ?? '',
          endDate: dates.at(-2) ?? '',
          windowDays: 30,
        },
        modelType,
        labelStrategy: labelStrategyByName('address'),
        trainer: createLightGBMTrainer({ maxRounds: 15, modelType }),
        splitter: splitterByName('address'),
        outputDir: path.join(folder, 'models'),
        modelVersion: '1.0.0',
        seed: 42,
        cvFolds: 2,
      }),
    );
  }
}, 300_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function modelOf(modelType: ModelType): SavedModel {
  const model = models.get(modelType);
  if (model === undefined) throw new Error(`no ${modelType} was trained`);
  return model;
}

function scoreWith(modelType: ModelType, date = newest): Promise<ScoringResult> {
  return scoreSnapshot(database, { date, windowDays: 30, model: modelOf(modelType).metadata.model_id });
}

/** What readers see of a table's scores of the newest snapshot by a model. */
function published<Row extends object>(view: string, modelType: ModelType): Promise<Row[]> {
  return database.query<Row>({
    sql: `SELECT * EXCEPT (created_at) FROM ${view}
WHERE processing_date = {date:Date} AND model_id = {model:String}
ORDER BY 3`,
    params: { date: newest, model: modelOf(modelType).metadata.model_id },
    doing: 'reading what is published',
  });
}

interface RankedAlert {
  readonly alert_id: string;
  readonly address: string;
  readonly rank: number;
  readonly score: number;
  readonly batch_id: string;
}

async function alertsOf(date: string): Promise<string[]> {
  const rows = await database.query<{ alert_id: string }>({
    sql: 'SELECT alert_id FROM published_alerts WHERE processing_date = {date:Date} ORDER BY alert_id',
    params: { date },
    doing: 'reading the alerts',
  });
  return rows.map(({ alert_id }) => alert_id);
}

describe('an alert_scorer', () => {
  it('gives each alert one score and one place, by raw score and then by id', async () => {
    const result = await scoreWith('alert_scorer');
    const ids = await alertsOf(newest);
    const scores = await published<RankedAlert>('published_alert_scores', 'alert_scorer');
    const ranked = await published<RankedAlert>('published_alert_rankings', 'alert_scorer');
    expect(result.tables).toEqual({ alert_scores: ids.length, alert_rankings: ids.length });
    expect(scores.map(({ alert_id }) => alert_id)).toEqual(ids);
    expect(ranked.map(({ alert_id }) => alert_id)).toEqual(ids);
    const places = ranked.map(({ rank }) => rank).sort((a, b) => a - b);
    expect(places).toEqual(ids.map((_, index) => index + 1));

    // The order, from the scorer itself.
    const raws = new Map<string, number>();
    const scorer = await openModelScorer(await readStoredModel(modelOf('alert_scorer').metadataPath));
    const snapshot = { processingDate: newest, windowDays: 30, rows: ids.length };
    for await (const { matrix, raw } of scorer.parts(database, snapshot)) {
      matrix.keys.ids.forEach((id, row) => void raws.set(id, raw[row] ?? Number.NaN));
    }
    await scorer.dispose();
    const expected = [...ids].sort((a, b) => (raws.get(b) ?? 0) - (raws.get(a) ?? 0) || (a < b ? -1 : 1));
    const inOrder = [...ranked].sort((a, b) => a.rank - b.rank).map(({ alert_id }) => alert_id);
    expect(inOrder).toEqual(expected);
    const scoreOf = new Map(scores.map(({ alert_id, score }) => [alert_id, score]));
    for (const { alert_id, score } of ranked) expect(score).toBe(scoreOf.get(alert_id));
    expect(result.top[0]).toMatchObject({ alert_id: inOrder[0], score: scoreOf.get(inOrder[0] ?? '') });
  });

  it('names each address as its alert does, hex addresses in any letter case', async () => {
    await scoreWith('alert_scorer');
    const [wrong] = await database.query<{ n: number }>({
      sql: `SELECT toFloat64(countIf(lower(alert.address) != lower(scored.address))) AS n
FROM published_alerts AS alert
JOIN published_alert_scores AS scored USING (processing_date, alert_id)
WHERE processing_date = {date:Date}`,
      params: { date: newest },
      doing: 'comparing addresses',
    });
    expect(wrong?.n).toBe(0);
  });

  it('records which batches of the snapshot were scored', async () => {
    const { batch_id } = await scoreWith('alert_scorer');
    const [row] = await database.query<{ same: number; tables: number }>({
      sql: `SELECT
    toFloat64(length(data_batches)) AS tables,
    data_batches = (
        SELECT mapFromArrays(groupArray(table_name), groupArray(published_batch_id))
        FROM (SELECT table_name, published_batch_id FROM published_table_batches
              WHERE processing_date = {date:Date} AND scope = '' ORDER BY table_name)
    ) AS same
FROM batch_metadata WHERE batch_id = {batch:String}`,
      params: { date: newest, batch: batch_id },
      doing: 'reading the record',
    });
    expect(row).toEqual({ same: 1, tables: 5 });
  });

  it('replaces its scores at once when it scores again, and leaves those of others', async () => {
    const first = await scoreWith('alert_scorer');
    await scoreWith('alert_ranker');
    const second = await scoreWith('alert_scorer');
    expect(second.batch_id).not.toBe(first.batch_id);
    for (const view of ['published_alert_scores', 'published_alert_rankings']) {
      const rows = await published<RankedAlert>(view, 'alert_scorer');
      expect(new Set(rows.map(({ batch_id }) => batch_id))).toEqual(new Set([second.batch_id]));
    }
    expect(await published('published_alert_rankings', 'alert_ranker')).toHaveLength(second.alerts);
  });

  it('says why, where it is asked', async () => {
    const { metadata } = modelOf('alert_scorer');
    await scoreSnapshot(database, {
      date: newest,
      windowDays: 30,
      model: metadata.model_id,
      explain: true,
    });
    for (const view of ['published_alert_scores', 'published_alert_rankings']) {
      const [row] = await published<{ explain_json: string }>(view, 'alert_scorer');
      const explained = JSON.parse(row?.explain_json ?? '{}') as { reasons: { feature: string }[] };
      expect(metadata.feature_names).toContain(explained.reasons[0]?.feature);
    }
  });
});

describe('a snapshot in parts', () => {
  it('gets the same scores, bit by bit, and no row is lost or double', async () => {
    const scorer = await openModelScorer(await readStoredModel(modelOf('alert_scorer').metadataPath));
    const snapshot = { processingDate: newest, windowDays: 30, rows: (await alertsOf(newest)).length };
    const scored = async (mostBytes?: number) => {
      const scores = new Map<string, number[]>();
      let parts = 0;
      for await (const { matrix, scores: own, raw } of scorer.parts(database, snapshot, { mostBytes })) {
        parts += 1;
        matrix.keys.ids.forEach((id, row) => {
          expect(scores.has(id)).toBe(false);
          scores.set(id, [own[row] ?? Number.NaN, raw[row] ?? Number.NaN]);
        });
      }
      return { parts, scores };
    };
    const whole = await scored();
    const inParts = await scored(100_000);
    await scorer.dispose();
    expect(whole.parts).toBe(1);
    expect(inParts.parts).toBeGreaterThan(3);
    expect(inParts.scores.size).toBe(snapshot.rows);
    expect(new Map([...inParts.scores].sort())).toEqual(new Map([...whole.scores].sort()));
  });
});

describe('a file of scores', () => {
  it('holds what was published, best place first, in every format', async () => {
    const result = await scoreWith('alert_scorer');
    const ranked = await published<RankedAlert>('published_alert_rankings', 'alert_scorer');
    const expected = [...ranked]
      .sort((a, b) => a.rank - b.rank)
      .map(({ alert_id, score }) => ({ alert_id, score }));
    for (const [ending, format] of [
      ['csv', 'CSVWithNames'],
      ['parquet', 'Parquet'],
      ['arrow', 'Arrow'],
    ]) {
      const out = await openScoresFile(path.join(folder, `scores.${ending}`));
      expect(await out.write(database, [result])).toBeGreaterThan(1000);
      const rows = await database.query<{ alert_id: string; score: number }>({
        sql: 'SELECT alert_id, score FROM file({file:String}, {format:String}) ORDER BY rank',
        params: { file: out.file, format },
        doing: 'reading the file',
      });
      expect(rows).toEqual(expected);
      await expect(openScoresFile(out.file)).rejects.toThrow(/--force/);
      await openScoresFile(out.file, { force: true });
    }
    await expect(openScoresFile(path.join(folder, 'scores.xlsx'))).rejects.toThrow(/\.parquet/);
  });
});

describe('an alert_ranker', () => {
  it('gives places, and no scores that could be taken for probabilities', async () => {
    const result = await scoreWith('alert_ranker');
    const ids = await alertsOf(newest);
    const ranked = await published<RankedAlert>('published_alert_rankings', 'alert_ranker');
    expect(result.tables).toEqual({ alert_rankings: ids.length });
    expect(ranked.map(({ alert_id }) => alert_id)).toEqual(ids);
    expect(await published('published_alert_scores', 'alert_ranker')).toEqual([]);
    const [left] = await database.query<{ n: number }>({
      sql: 'SELECT toFloat64(count()) AS n FROM alert_scores WHERE model_id = {model:String}',
      params: { model: modelOf('alert_ranker').metadata.model_id },
      doing: 'counting what is left',
    });
    expect(left?.n).toBe(0);
    const inOrder = [...ranked].sort((a, b) => a.rank - b.rank);
    inOrder.forEach(({ score }, index) => {
      expect(score).toBeLessThanOrEqual(inOrder[index - 1]?.score ?? 1);
      expect(score).toBeGreaterThanOrEqual(0);
    });
  });
});

describe('a cluster_scorer', () => {
  it('scores every cluster of the snapshot', async () => {
    const result = await scoreWith('cluster_scorer');
    const [clusters] = await database.query<{ n: number }>({
      sql: 'SELECT toFloat64(uniqExact(cluster_id)) AS n FROM published_clusters WHERE processing_date = {date:Date}',
      params: { date: newest },
      doing: 'counting clusters',
    });
    expect(clusters?.n).toBeGreaterThan(0);
    expect(result).toMatchObject({ alerts: 0, clusters: clusters?.n });
    const scored = await published<{ cluster_id: string; score: number }>(
      'published_cluster_scores',
      'cluster_scorer',
    );
    expect(new Set(scored.map(({ cluster_id }) => cluster_id)).size).toBe(clusters?.n);
    expect(result.top_clusters?.[0]?.score).toBe(Math.max(...scored.map(({ score }) => score)));
  });

  it('refuses a snapshot without clusters', async () => {
    await database.command({
      sql: `INSERT INTO raw_alerts SELECT * REPLACE (toDate('2031-01-01') AS processing_date, '' AS batch_id)
FROM (SELECT * FROM published_alerts WHERE processing_date = {date:Date})`,
      params: { date: newest },
      doing: 'copying alerts',
    });
    await expect(scoreWith('cluster_scorer', '2031-01-01')).rejects.toMatchObject({ code: 'NO_CLUSTERS' });
  });
});

describe('a range of snapshots', () => {
  it('is scored one after the other, each published when it is over', async () => {
    const results: ScoringResult[] = [];
    const range = { startDate: dates[1] ?? '', endDate: newest, windowDays: 30 };
    const model = modelOf('alert_scorer').metadata.model_id;
    for await (const result of scoreSnapshots(database, { ...range, model })) {
      results.push(result);
      const [seen] = await database.query<{ n: number }>({
        sql: `SELECT toFloat64(uniqExact(processing_date)) AS n FROM published_alert_scores
WHERE model_id = {model:String} AND batch_id IN {batches:Array(String)}`,
        params: { model, batches: results.map(({ batch_id }) => batch_id) },
        doing: 'counting snapshots',
      });
      expect(seen?.n).toBe(results.length);
    }
    expect(results.map(({ processing_date }) => processing_date)).toEqual(dates.slice(1));
    expect(results.map((result) => result.in_training_period)).toEqual([true, true, false]);
  });

  it('is of alert_scorers where only the latest model is asked for', async () => {
    const result = await scoreSnapshot(database, { date: newest, windowDays: 30 });
    expect(result.model_id).toBe(modelOf('alert_scorer').metadata.model_id);
    const ranker = await scoreSnapshot(database, {
      date: newest,
      windowDays: 30,
      modelType: 'alert_ranker',
    });
    expect(ranker.model_id).toBe(modelOf('alert_ranker').metadata.model_id);
  });
});

describe('what is refused, with nothing published', () => {
  const published = async () =>
    database.query<object>({
      sql: 'SELECT batch_id FROM batch_metadata ORDER BY sequence',
      doing: 'listing batches',
    });

  it('a model of another type or window', async () => {
    const model = modelOf('alert_ranker').metadata.model_id;
    const before = await published();
    await expect(
      scoreSnapshot(database, { date: newest, windowDays: 30, model, modelType: 'alert_scorer' }),
    ).rejects.toMatchObject({
      code: 'MODEL_DOES_NOT_FIT',
      remedy: expect.stringContaining(
        'npx risk-scoring models list --network simnet --model-type alert_scorer --window-days 30',
      ),
    });
    expect(await published()).toEqual(before);
  });

  it('a model of another network', async () => {
    const { database: other } = await initDatabase({
      network: 'othernet',
      dataDir: folder,
    });
    try {
      await simulateSnapshots({
        outputDir: path.join(folder, 'other-snapshots'),
        network: 'othernet',
        seed: 1,
        snapshots: 1,
        alerts: 50,
      });
      const [{ processingDate: date } = { processingDate: '' }] = await ingestSnapshots(other, {
        from: path.join(folder, 'other-snapshots'),
      });
      const scoring = scoreSnapshot(other, {
        date,
        windowDays: 30,
        model: modelOf('alert_scorer').metadataPath,
      });
      await expect(scoring).rejects.toThrow(/an alert_scorer of othernet.*an alert_scorer of simnet/);
    } finally {
      await other.close();
    }
  });

  it('a model that names no network, without advising a command with that name', async () => {
    const { metadataPath, metadata } = modelOf('alert_scorer');
    const edited = metadataPath.replace(/\.json$/, '-edited.json');
    writeFileSync(edited, JSON.stringify({ ...metadata, model_id: 'edited', network: '../../x' }));
    const scoring = scoreSnapshot(database, { date: newest, windowDays: 30, model: edited });
    await expect(scoring).rejects.toMatchObject({
      code: 'MODEL_DOES_NOT_FIT',
      found: expect.stringContaining('../../x'),
      remedy: expect.stringMatching(/models list --network simnet --model-type alert_scorer/),
    });
    rmSync(edited);
  });

  it('features that this version does not have, naming them, before anything is computed', async () => {
    const { metadataPath } = modelOf('alert_scorer');
    const json = JSON.parse(readFileSync(metadataPath, 'utf8'));
    const edited = metadataPath.replace(/\.json$/, '-edited.json');
    const attempt = async (change: object) => {
      // Under an id of its own: that of a registered model is that model's.
      writeFileSync(edited, JSON.stringify({ ...json, model_id: `${json.model_id}_edited`, ...change }));
      const stages = new Set<string>();
      const error = await scoreSnapshot(database, {
        date: newest,
        windowDays: 30,
        model: edited,
        onProgress: ({ stage }) => stages.add(stage),
      }).catch((thrown: unknown) => thrown);
      expect(stages).toEqual(new Set());
      expect(error).toMatchObject({ code: 'FEATURE_SCHEMA_MISMATCH' });
      return (error as Error).message;
    };
    const [first, ...rest] = json.feature_names as string[];
    expect(await attempt({ feature_names: [...rest, 'no_such_feature'] })).toMatch(
      new RegExp(`without no_such_feature, with ${first}, which it does not know`),
    );
    expect(await attempt({ feature_names: [...rest, first] })).toMatch(/in another order from/);
    expect(await attempt({ feature_schema_hash: '0'.repeat(64) })).toMatch(
      /Expected: features of the schema hash 000.*can differ is the SQL of alert, address, .* or history or the relations/,
    );
    const columns = (json.feature_columns as { name: string }[]).map((column) =>
      column.name === first ? { ...column, kind: 'boolean', unit: 'EUR' } : column,
    );
    expect(await attempt({ feature_schema_hash: '0'.repeat(64), feature_columns: columns })).toMatch(
      new RegExp(`Expected: ${first} \\(kind boolean, unit EUR\\)\\. Found: ${first} \\(kind \\w+, `),
    );
    const plan = { ...json.feature_plan, groups: ['alert', 'no_such_group'] };
    expect(await attempt({ feature_plan: plan })).toMatch(/no_such_group/);
    rmSync(edited);
  });

  it('a corrupted ONNX file, also where its hash was made to match; the process goes on', async () => {
    const { metadataPath } = modelOf('alert_scorer');
    const json = JSON.parse(readFileSync(metadataPath, 'utf8'));
    const name = Object.keys(json.files).find((file) => file.endsWith('.onnx')) ?? '';
    const bytes = readFileSync(path.join(path.dirname(metadataPath), name));
    const random = createRandom(4, 'corruption');
    const edited = path.join(path.dirname(metadataPath), 'corrupt');
    const before = await published();
    let refused = 0;
    for (let attempt = 0; attempt < 40; attempt++) {
      const broken = Buffer.from(attempt % 2 === 0 ? bytes : bytes.subarray(0, random.integer(bytes.length)));
      for (let flip = 0; flip < 20 && broken.length > 0; flip++) {
        const at = random.integer(Math.min(broken.length, attempt % 4 < 2 ? 400 : broken.length));
        broken[at] = random.integer(256);
      }
      writeFileSync(`${edited}.onnx`, broken);
      const file = {
        role: 'onnx',
        sha256: createHash('sha256').update(broken).digest('hex'),
        bytes: broken.length,
      };
      writeFileSync(`${edited}.json`, JSON.stringify({ ...json, files: { 'corrupt.onnx': file } }));
      const model = await readStoredModel(`${edited}.json`);
      const opening = openModelScorer(model).then(
        (scorer) => scorer.dispose(),
        (error: unknown) => {
          expect(RiskScoringError.isInstance(error)).toBe(true);
          refused += 1;
        },
      );
      await opening;
    }
    rmSync(`${edited}.onnx`);
    rmSync(`${edited}.json`);
    expect(refused).toBeGreaterThan(15);
    expect(await published()).toEqual(before);
    expect((await scoreWith('alert_scorer')).alerts).toBeGreaterThan(0);
  });

  it('a snapshot that is published anew while it is scored', async () => {
    const before = await published();
    let again: Promise<void> | undefined;
    const scoring = scoreSnapshot(database, {
      date: newest,
      windowDays: 30,
      model: modelOf('alert_scorer').metadata.model_id,
      onProgress: ({ stage }) => {
        if (stage !== 'scoring') return;
        again ??= database.command({
          sql: `INSERT INTO ingestions (batch_id, processing_date, window_days, sequence, source, table_rows, table_batches)
SELECT 'anew', processing_date, window_days, sequence + 1, 'a test', map('raw_features', 1), map('raw_features', 'anew')
FROM ingestions WHERE processing_date = {date:Date}`,
          params: { date: newest },
          doing: 'publishing anew',
        });
      },
    });
    const error = await scoring.catch((thrown: unknown) => thrown);
    await again;
    await database.command({
      sql: `ALTER TABLE ingestions DELETE WHERE batch_id = 'anew'`,
      settings: { mutations_sync: '2' },
      doing: 'taking it back',
    });
    expect(error).toMatchObject({ code: 'DATA_CHANGED' });
    expect(await published()).toEqual(before);
    const [left] = await database.query<{ n: number }>({
      sql: 'SELECT toFloat64(count()) AS n FROM alert_scores WHERE batch_id NOT IN (SELECT batch_id FROM batch_metadata)',
      doing: 'counting what is left',
    });
    expect(left?.n).toBe(0);
  });

  it('a scoring that is cancelled in any stage', async () => {
    const before = await published();
    for (const stop of ['features', 'scoring', 'writing scores']) {
      const controller = new AbortController();
      const scoring = scoreSnapshot(database, {
        date: newest,
        windowDays: 30,
        model: modelOf('alert_scorer').metadata.model_id,
        signal: controller.signal,
        onProgress: ({ stage }) => {
          if (stage === stop) controller.abort();
        },
      });
      await expect(scoring).rejects.toMatchObject({ code: 'CANCELLED' });
    }
    expect(await published()).toEqual(before);
  });
});
