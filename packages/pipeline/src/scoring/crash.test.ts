import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '@risk-scoring/contract';
import { DEFAULT_GROUPS } from '@risk-scoring/features';
import type { SavedModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import {
  type Database,
  type DatabaseOptions,
  ingestSnapshots,
  initDatabase,
  openDatabase,
  vacuum,
} from '@risk-scoring/storage';
import { startClickHouseFront } from '@risk-scoring/test-servers';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelStrategyByName, splitterByName } from '../registry.ts';
import { trainModel } from '../train-model.ts';
import { scoreSnapshot } from './score-snapshot.ts';

/** Kills of processes with the engine in them, and of clients of a server: a hundred in all. */
const KILLS = 50;
/** Kills after which what readers see is looked at: every batch that was ever published must be whole. */
const LOOK_AFTER = 5;

const folder = mkdtempSync(path.join(tmpdir(), 'risk-scoring-scoring-killed-'));
const place = { network: 'simnet', dataDir: path.join(folder, 'data') };
let date: string;
let alerts: number;
let model: SavedModel;

beforeAll(async () => {
  const snapshots = path.join(folder, 'snapshots');
  await simulateSnapshots({ outputDir: snapshots, network: 'simnet', seed: 2, snapshots: 2, alerts: 1200 });
  const { database } = await initDatabase(place);
  const outcomes = await ingestSnapshots(database, { from: snapshots });
  date = outcomes.at(-1)?.processingDate ?? '';
  alerts = outcomes.at(-1)?.rows.raw_alerts ?? 0;
  model = await trainModel(database, {
    period: {
      network: 'simnet',
      startDate: outcomes[0]?.processingDate ?? '',
      endDate: date,
      windowDays: 30,
    },
    modelType: 'alert_scorer',
    labelStrategy: labelStrategyByName('address'),
    trainer: createLightGBMTrainer({ maxRounds: 5 }),
    // Most of a scoring's time goes into features, where a kill meets nothing that is written.
    featureGroups: DEFAULT_GROUPS.slice(0, 2),
    splitter: splitterByName('address'),
    outputDir: path.join(folder, 'models'),
    modelVersion: '1.0.0',
    seed: 42,
    cvFolds: 2,
  });
  await scoreSnapshot(database, { date, windowDays: 30 });
  await database.close();
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that scores the snapshot again and again, to be killed. It runs the built package. */
interface ScoringProcess {
  begin(): void;
  /** Resolves after so many scorings. */
  scored(count: number): Promise<void>;
  /** Resolves when the features of the next snapshot after so many are there. */
  scoring(count: number): Promise<void>;
  /** Milliseconds of each scoring that was over, and of them what came after the features. */
  readonly durations: { readonly whole: number[]; readonly end: number[] };
  kill(): Promise<void>;
}

async function startScoring(options: DatabaseOptions): Promise<ScoringProcess> {
  const script = `
    import { scoreSnapshot } from ${JSON.stringify(new URL('../../dist/scoring/score-snapshot.js', import.meta.url).href)};
    import { openDatabase } from ${JSON.stringify(import.meta.resolve('@risk-scoring/storage'))};
    console.log('ready');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    const database = await openDatabase(${JSON.stringify(options)});
    console.log('open');
    for (;;) {
      const start = performance.now();
      let scoring = 0;
      await scoreSnapshot(database, {
        date: ${JSON.stringify(date)},
        windowDays: 30,
        onProgress: ({ stage }) => {
          if (stage !== 'scoring' || scoring > 0) return;
          scoring = performance.now();
          console.log('scoring');
        },
      });
      console.log('scored', performance.now() - start, performance.now() - scoring);
    }`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  child.stdin?.on('error', () => undefined);
  let lines = 0;
  const durations = { whole: [] as number[], end: [] as number[] };
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of [...waiting]) check();
  };
  if (child.stdout) {
    createInterface(child.stdout).on('line', (line) => {
      const [what, whole, end] = line.split(' ');
      if (what === 'scored') {
        durations.whole.push(Number(whole));
        durations.end.push(Number(end));
      }
      lines += 1;
      wake();
    });
  }
  child.once('exit', wake);
  const reach = (count: number) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (lines >= count) resolve();
        else if (child.exitCode !== null) reject(new Error(`the process ended with ${child.exitCode}`));
        else return;
        waiting.delete(check);
      };
      waiting.add(check);
      check();
    });
  await reach(1);
  return {
    begin: () => void child.stdin?.write('begin\n'),
    // Two lines before the first scoring, and two for each.
    scored: (count) => reach(2 + 2 * count),
    scoring: (count) => reach(3 + 2 * count),
    durations,
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** Every batch that was published at any time, and what was written and is not published. */
async function look(database: Database) {
  // One row: one batch, with what stands in its tables.
  const batches = await database.query<Record<string, number | string>>({
    sql: `SELECT
    published.id AS batch,
    scored.n AS scores,
    scored.alerts AS scored,
    ranked.n AS places,
    ranked.ranks AS ranks,
    ranked.highest AS last
FROM (SELECT batch_id AS id, sequence FROM batch_metadata) AS published
LEFT JOIN
(
    SELECT toString(batch_id) AS id, toFloat64(count()) AS n, toFloat64(uniqExact(alert_id)) AS alerts
    FROM alert_scores GROUP BY id
) AS scored ON scored.id = published.id
LEFT JOIN
(
    SELECT toString(batch_id) AS id, toFloat64(count()) AS n, toFloat64(uniqExact(rank)) AS ranks, toFloat64(max(rank)) AS highest
    FROM alert_rankings GROUP BY id
) AS ranked ON ranked.id = published.id
ORDER BY published.sequence`,
    doing: 'looking at what was published',
  });
  const [seen] = await database.query<{ scores: string[]; places: string[]; n: number }>({
    sql: `SELECT
    (SELECT groupUniqArray(toString(batch_id)) FROM published_alert_scores) AS scores,
    (SELECT groupUniqArray(toString(batch_id)) FROM published_alert_rankings) AS places,
    (SELECT toFloat64(count()) FROM published_alert_scores) AS n`,
    doing: 'looking at what readers see',
  });
  const [unseen] = await database.query<{ scores: string[]; ranked: string[] }>({
    sql: `SELECT
    (SELECT groupUniqArray(toString(batch_id)) FROM alert_scores WHERE batch_id NOT IN (SELECT batch_id FROM batch_metadata)) AS scores,
    (SELECT groupUniqArray(toString(batch_id)) FROM alert_rankings WHERE batch_id NOT IN (SELECT batch_id FROM batch_metadata)) AS ranked`,
    doing: 'looking at what nobody sees',
  });
  return { batches, seen, unseen };
}

/** Looks, and expects every batch to be whole and readers to see the newest one alone. */
async function expectWhole(options: DatabaseOptions) {
  const database = await openDatabase(options);
  try {
    const { batches, seen, unseen } = await look(database);
    const whole = { scores: alerts, scored: alerts, places: alerts, ranks: alerts, last: alerts };
    for (const { batch, ...counts } of batches) expect({ batch, ...counts }).toEqual({ batch, ...whole });
    const newest = batches.at(-1)?.batch;
    expect(seen).toEqual({ scores: [newest], places: [newest], n: alerts });
    return { published: batches.length, unseen: unseen ?? { scores: [], ranked: [] } };
  } finally {
    await database.close();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

describe.each([
  { name: 'with the engine in it', served: false },
  { name: 'that is a client of a server', served: true },
])('a scoring process $name', ({ served }) => {
  it(`shows whole batches of scores only, though it is killed ${KILLS} times`, {
    timeout: 600_000,
  }, async () => {
    const front = served
      ? await startClickHouseFront({ dataDir: place.dataDir, user: 'miner', password: 'a password' })
      : undefined;
    const options: DatabaseOptions = front
      ? { network: 'simnet', server: { url: front.url, user: 'miner', password: 'a password' } }
      : place;
    try {
      await killAndLook(options);
    } finally {
      await front?.close();
    }
  });
});

async function killAndLook(options: DatabaseOptions): Promise<void> {
  const random = createRandom(9, 'kills');
  const before = await expectWhole(options);
  const undisturbed = await startScoring(options);
  undisturbed.begin();
  await undisturbed.scored(3);
  await undisturbed.kill();
  const { whole: durations, end: ends } = undisturbed.durations;
  // Loading the engine takes longer than all the rest, so the next processes load while one is killed.
  const ready = [startScoring(options), startScoring(options)];
  for (let kill = 1; kill <= KILLS; kill++) {
    const scoring = await ready.shift();
    if (kill + ready.length < KILLS) ready.push(startScoring(options));
    scoring?.begin();
    // Every other kill comes while scores are written, which is the shorter part.
    const [reached, span] = kill % 2 === 0 ? (['scored', durations] as const) : (['scoring', ends] as const);
    await scoring?.[reached](random.integer(4) === 0 ? 1 : 0);
    await delay(random.integer(Math.round(1.2 * median(span.slice(-9)))));
    await scoring?.kill();
    durations.push(...(scoring?.durations.whole ?? []));
    ends.push(...(scoring?.durations.end ?? []));
    if (kill % LOOK_AFTER === 0) await expectWhole(options);
  }
  const after = await expectWhole(options);
  // Kills that met neither a replacement nor a half-written batch would prove nothing.
  expect(after.published - before.published).toBeGreaterThan(KILLS / 5);
  expect(after.unseen.scores.length).toBeGreaterThan(before.unseen.scores.length + 2);

  const database = await openDatabase(options);
  try {
    const result = await scoreSnapshot(database, { date, windowDays: 30, model: model.metadata.model_id });
    expect(result.alerts).toBe(alerts);
    await vacuum(database, { olderThanHours: 0, unfinishedOlderThanHours: 0 });
    const { seen, unseen } = await look(database);
    expect(seen).toEqual({ scores: [result.batch_id], places: [result.batch_id], n: alerts });
    expect(unseen).toEqual({ scores: [], ranked: [] });
    // What the next round begins with.
    await database.command({
      sql: 'ALTER TABLE batch_metadata DELETE WHERE batch_id != {batch:String}',
      params: { batch: result.batch_id },
      settings: { mutations_sync: '2' },
      doing: 'forgetting older batches',
    });
  } finally {
    await database.close();
  }
}
