import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '@risk-scoring/contract';
import type { SavedModel } from '@risk-scoring/model-storage';
import { simulateSnapshots } from '@risk-scoring/simulator';
import { type Database, ingestSnapshots, initDatabase, openDatabase, vacuum } from '@risk-scoring/storage';
import { createLightGBMTrainer } from '@risk-scoring/trainers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labelStrategyByName, splitterByName } from '../registry.ts';
import { trainModel } from '../train-model.ts';
import { scoreSnapshot } from './score-snapshot.ts';

const KILLS = 100;

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

async function startScoring(): Promise<ScoringProcess> {
  const script = `
    import { scoreSnapshot } from ${JSON.stringify(new URL('../../dist/scoring/score-snapshot.js', import.meta.url).href)};
    import { openDatabase } from ${JSON.stringify(import.meta.resolve('@risk-scoring/storage'))};
    console.log('ready');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    const database = await openDatabase(${JSON.stringify(place)});
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

/** What readers see of the snapshot's scores, and what nobody sees. */
async function look(database: Database) {
  const [seen] = await database.query<Record<string, number | string>>({
    sql: `SELECT
    (SELECT toFloat64(count()) FROM published_alert_scores) AS scores,
    (SELECT toFloat64(uniqExact(alert_id)) FROM published_alert_scores) AS scored,
    (SELECT toFloat64(count()) FROM published_alert_rankings) AS places,
    (SELECT toFloat64(uniqExact(rank)) FROM published_alert_rankings) AS ranks,
    (SELECT toFloat64(uniqExact(batch_id)) FROM
        (SELECT batch_id FROM published_alert_scores UNION ALL SELECT batch_id FROM published_alert_rankings)) AS batches,
    (SELECT any(batch_id) FROM published_alert_scores) AS batch`,
    doing: 'looking at what is published',
  });
  const [unseen] = await database.query<{ scores: string[]; ranked: string[] }>({
    sql: `SELECT
    (SELECT groupUniqArray(toString(batch_id)) FROM alert_scores WHERE batch_id NOT IN (SELECT batch_id FROM batch_metadata)) AS scores,
    (SELECT groupUniqArray(toString(batch_id)) FROM alert_rankings WHERE batch_id NOT IN (SELECT batch_id FROM batch_metadata)) AS ranked`,
    doing: 'looking at what is not',
  });
  return { seen, unseen };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

it(`shows whole batches of scores only, though the scoring process is killed ${KILLS} times`, {
  timeout: 600_000,
}, async () => {
  const random = createRandom(9, 'kills');
  const whole = { scores: alerts, scored: alerts, places: alerts, ranks: alerts, batches: 1 };
  const undisturbed = await startScoring();
  undisturbed.begin();
  await undisturbed.scored(3);
  await undisturbed.kill();
  const { whole: durations, end: ends } = undisturbed.durations;
  const batches = new Set<unknown>();
  const unpublished = { scores: new Set<string>(), ranked: new Set<string>() };
  // Loading the engine takes longer than all the rest, so the next processes load while one is killed.
  const ready = [startScoring(), startScoring()];
  for (let kill = 0; kill < KILLS; kill++) {
    const scoring = await ready.shift();
    if (kill + ready.length + 1 < KILLS) ready.push(startScoring());
    scoring?.begin();
    // Every other kill comes while scores are written, which is the shorter part.
    const [reached, span] = kill % 2 === 0 ? (['scored', durations] as const) : (['scoring', ends] as const);
    await scoring?.[reached](random.integer(2));
    await delay(random.integer(Math.round(1.2 * median(span.slice(-9)))));
    await scoring?.kill();
    durations.push(...(scoring?.durations.whole ?? []));
    ends.push(...(scoring?.durations.end ?? []));
    const database = await openDatabase(place);
    try {
      const { seen, unseen } = await look(database);
      const { batch, ...counts } = seen ?? {};
      expect(counts).toEqual(whole);
      batches.add(batch);
      for (const id of unseen?.scores ?? []) unpublished.scores.add(id);
      for (const id of unseen?.ranked ?? []) unpublished.ranked.add(id);
    } finally {
      await database.close();
    }
  }
  // Kills that met neither a replacement nor a half-written batch would prove nothing.
  expect(batches.size).toBeGreaterThan(10);
  expect(unpublished.scores.size).toBeGreaterThan(5);
  expect(unpublished.ranked.size).toBeGreaterThan(0);

  const database = await openDatabase(place);
  try {
    const result = await scoreSnapshot(database, { date, windowDays: 30, model: model.metadata.model_id });
    expect(result.alerts).toBe(alerts);
    await vacuum(database, { olderThanHours: 0, unfinishedOlderThanHours: 0 });
    const { seen, unseen } = await look(database);
    expect(seen).toEqual({ ...whole, batch: result.batch_id });
    expect(unseen).toEqual({ scores: [], ranked: [] });
  } finally {
    await database.close();
  }
});
