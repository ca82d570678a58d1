import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_GROUPS } from '@risk-scoring/features';
import type { SavedModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase } from '@risk-scoring/storage';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { labelStrategyByName, splitterByName } from '../registry.ts';
import { trainModel } from '../train-model.ts';
import { PartlyPublishedError } from './partly-published-error.ts';
import { type ScoreRangeOptions, type ScoringResult, scoreSnapshots } from './score-snapshot.ts';
import { openScoresFile, type ScoresFile } from './scores-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-scores-file-'));
const output = path.join(folder, 'output');
const disk = path.join(folder, 'disk');
const DISK_KIB = 256;
/** A snapshot whose alerts came without features: it cannot be scored. */
const DAMAGED = '2031-01-01';

let database: Database;
let dates: string[];
let model: SavedModel;
let isMounted = false;

beforeAll(async () => {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_KIB}k`, 'tmpfs', disk], { stdio: 'pipe' });
    isMounted = true;
  } catch (error) {
    console.warn(`skipped: scores on a full disk, as a small one cannot be mounted (${String(error)})`);
  }
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 2, snapshots: 2, alerts: 3000 });
  ({ database } = await initDatabase({ network: 'simnet', dataDir: path.join(folder, 'data') }));
  dates = (await ingestSnapshots(database, { from: snapshots })).map(({ processingDate }) => processingDate);
  model = await trainModel(database, {
    period: { network: 'simnet', startDate: dates[0] ?? '', endDate: dates[1] ?? '', windowDays: 30 },
    modelType: 'alert_scorer',
    labelStrategy: labelStrategyByName('address'),
    trainer: createLightGBMTrainer({ maxRounds: 5 }),
    featureGroups: DEFAULT_GROUPS.slice(0, 2),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
    cvFolds: 2,
  });
  await database.command({
    sql: `INSERT INTO raw_alerts SELECT * REPLACE (toDate({damaged:String}) AS processing_date, '' AS batch_id)
FROM (SELECT * FROM published_alerts WHERE processing_date = {date:Date})`,
    params: { damaged: DAMAGED, date: dates[0] ?? '' },
    doing: 'copying alerts',
  });
}, 120_000);
afterAll(async () => {
  await database.close();
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output);
  for (const table of ['alert_scores', 'alert_rankings', 'batch_metadata']) {
    await database.command({
      sql: 'TRUNCATE TABLE {table:Identifier}',
      params: { table },
      doing: 'forgetting',
    });
  }
});

const outFile = (name = 'scores.csv') => openScoresFile(path.join(output, name));

interface Outcome {
  readonly results: ScoringResult[];
  readonly error?: unknown;
}

/** Scores both snapshots, or those that are said, as far as it goes. */
async function scoreRange(options: Partial<ScoreRangeOptions> = {}): Promise<Outcome> {
  const results: ScoringResult[] = [];
  const range = { startDate: dates[0] ?? '', endDate: dates[1] ?? '', windowDays: 30, ...options };
  try {
    for await (const result of scoreSnapshots(database, range)) results.push(result);
  } catch (error) {
    return { results, error };
  }
  return { results };
}

/** What readers see, and how many rows there are in all. */
async function look(): Promise<{ published: string[]; rows: number }> {
  const [seen] = await database.query<{ published: string[]; rows: number }>({
    sql: `SELECT
    (SELECT arraySort(groupUniqArray(toString(batch_id))) FROM published_alert_rankings) AS published,
    toFloat64((SELECT count() FROM alert_scores) + (SELECT count() FROM alert_rankings)) AS rows`,
    doing: 'looking at the scores',
  });
  return seen ?? { published: [], rows: -1 };
}

const nothing = { published: [], rows: 0 };

describe('scores with a file', () => {
  it.each(['csv', 'parquet'])('stand in it (.%s) and are published, of every snapshot', async (ending) => {
    const out = await outFile(`scores.${ending}`);
    const { results, error } = await scoreRange({ out });
    expect(error).toBeUndefined();
    expect((await look()).published).toEqual(results.map(({ batch_id }) => batch_id).sort());
    const format = ending === 'csv' ? 'CSVWithNames' : 'Parquet';
    const [same] = await database.query<{ file: number; both: number }>({
      sql: `WITH written AS (SELECT alert_id AS id, toDate(processing_date) AS date, score AS value
              FROM file({file:String}, {format:String}))
SELECT toFloat64((SELECT count() FROM written)) AS file, toFloat64(count()) AS both
FROM published_alert_rankings AS ranked
JOIN written ON written.id = ranked.alert_id AND written.date = ranked.processing_date AND written.value = ranked.score`,
      params: { file: out.file, format },
      doing: 'comparing the file',
    });
    const alerts = results.reduce((sum, result) => sum + result.alerts, 0);
    expect(alerts).toBeGreaterThan(2000);
    expect(same).toEqual({ file: alerts, both: alerts });
  });

  it.for([0, 4, 100, 200])('are not published where the disk has %i KiB free', async (free, { skip }) => {
    if (!isMounted) skip('no disk of its own could be mounted');
    const out = await openScoresFile(path.join(disk, 'scores.csv'));
    const ballast = path.join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc((DISK_KIB - free) * 1024));
    const { error } = await scoreRange({ out });
    expect(error).toMatchObject({ code: 'FILE_NOT_WRITTEN', found: 'ENOSPC', category: 'environment' });
    expect(error).not.toBeInstanceOf(PartlyPublishedError);
    expect(readdirSync(disk)).toEqual(['ballast']);
    expect(await look()).toEqual(nothing);
    rmSync(ballast);
  });

  it('are not published where the folder is removed meanwhile', async () => {
    const { error } = await scoreRange({
      out: await outFile(),
      onProgress: ({ stage }) => {
        if (stage === 'writing scores') rmSync(output, { recursive: true, force: true });
      },
    });
    expect(error).toMatchObject({ code: 'FILE_NOT_WRITTEN' });
    expect(await look()).toEqual(nothing);
  });

  it('are not published, and no file is left, where a later snapshot cannot be scored', async () => {
    const { results, error } = await scoreRange({ out: await outFile(), endDate: DAMAGED });
    expect(results).toEqual([]);
    expect(error).toMatchObject({ code: 'FEATURES_MISSING' });
    expect(error).not.toBeInstanceOf(PartlyPublishedError);
    expect(readdirSync(output)).toEqual([]);
    expect(await look()).toEqual(nothing);
  });

  it('are not published where somebody stops in the second snapshot', async () => {
    const { error } = await scoreRange({ out: await outFile(), ...stoppingAt(dates[1]) });
    expect(error).toMatchObject({ code: 'CANCELLED' });
    expect(error).not.toBeInstanceOf(PartlyPublishedError);
    expect(readdirSync(output)).toEqual([]);
    expect(await look()).toEqual(nothing);
  });

  it('are named where they are published and the file cannot get its name', async () => {
    const out = await openScoresFile(path.join(output, "it's.csv"));
    const taken: ScoresFile = {
      ...out,
      write: (written, batches, options) =>
        out.write(written, batches, {
          ...options,
          beforeNaming: async () => {
            await options?.beforeNaming?.();
            mkdirSync(out.file);
          },
        }),
    };
    const { error } = await scoreRange({ out: taken, explain: true });
    const { published } = await look();
    expect(published).toHaveLength(2);
    expect(error).toBeInstanceOf(PartlyPublishedError);
    const json = JSON.parse(JSON.stringify(error));
    expect(json).toMatchObject({ code: 'FILE_NOT_WRITTEN', category: 'environment', perhaps_published: [] });
    expect(json.published.map((batch: { processing_date: string }) => batch.processing_date)).toEqual(dates);
    expect(json.published.map((batch: { batch_id: string }) => batch.batch_id).sort()).toEqual(published);
    const quoted = out.file.replace("'", "'\\''");
    expect(json.remedy).toContain(
      `npx risk-scoring score --network simnet --start-date ${dates[0]} --end-date ${dates[1]} --window-days 30 --model ${model.metadata.model_id} --explain --out '${quoted}'`,
    );
  });
});

describe('scores without a file', () => {
  it.each<[what: string, code: string, options: () => Partial<ScoreRangeOptions>, from: () => string]>([
    [
      'a later snapshot cannot be scored',
      'FEATURES_MISSING',
      () => ({ startDate: dates[1] ?? '', endDate: DAMAGED }),
      () => `--date ${DAMAGED}`,
    ],
    [
      'somebody stops in the second snapshot',
      'CANCELLED',
      () => stoppingAt(dates[1]),
      () => `--date ${dates[1]}`,
    ],
  ])('stay published and are named where %s', async (_, code, options, from) => {
    const { results, error } = await scoreRange(options());
    expect(results).toHaveLength(1);
    const [{ batch_id, processing_date } = { batch_id: '', processing_date: '' }] = results;
    expect(error).toBeInstanceOf(PartlyPublishedError);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code,
      summary: expect.stringContaining(`Published are the scores of ${processing_date} (batch ${batch_id}).`),
      remedy: expect.stringContaining(
        `score the rest with: npx risk-scoring score --network simnet ${from()} --window-days 30 --model ${model.metadata.model_id}`,
      ),
      published: [{ processing_date, batch_id }],
      perhaps_published: [],
    });
    const { published, rows } = await look();
    expect(published).toEqual([batch_id]);
    expect(rows).toBe(2 * (results[0]?.alerts ?? 0));
  });

  it('are named where the answer to their publication is lost', async () => {
    const insert = database.insert;
    database.insert = async (...args) => {
      await insert.apply(database, args);
      throw new Error('the answer was lost');
    };
    const { error } = await scoreRange({ endDate: dates[0] ?? '' }).finally(() => {
      database.insert = insert;
    });
    const { published } = await look();
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      code: 'UNEXPECTED',
      found: expect.stringContaining('the answer was lost'),
      published: [],
      perhaps_published: [{ processing_date: dates[0], batch_id: published[0] }],
    });
  });
});

/** Aborts when the features of a snapshot are computed. */
function stoppingAt(date: string | undefined): Partial<ScoreRangeOptions> {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onProgress: ({ stage, detail }) => {
      if (stage === 'writing scores' && detail === date) controller.abort();
    },
  };
}
