import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { CancelledError } from '@risk-scoring/contract';
import { startClickHouseFront } from '@risk-scoring/test-servers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { ServerHttpError, ServerUnreachableError } from '../errors.ts';
import { ingestSnapshots } from '../ingestion/ingest.ts';
import { initDatabase, openDatabase } from '../open-database.ts';
import type { RetryEvent } from '../retry.ts';
import { RAW_TABLES } from '../tables.ts';
import { type FaultyFront, PATIENT, startFaultyFront } from '../testing/faulty-front.ts';
import { writeSnapshot } from '../testing/snapshot-fixture.ts';
import { vacuum } from '../vacuum.ts';

let started: FaultyFront;
let database: Database;
const events: RetryEvent[] = [];

beforeAll(async () => {
  started = await startFaultyFront();
  const onRetry = (event: RetryEvent) => void events.push(event);
  ({ database } = await initDatabase(started.options('simnet', { retry: PATIENT, onRetry })));
});
afterEach(() => {
  started.calm();
  events.length = 0;
});
afterAll(async () => {
  await database.close();
  await started.stop();
});

async function count(from: string, where = '1'): Promise<number> {
  const [row] = await database.query<{ n: number }>({
    sql: `SELECT toFloat64(count()) AS n FROM ${from} WHERE ${where}`,
    doing: 'counting',
  });
  return row?.n ?? Number.NaN;
}

/** Requests from now on. */
function newRequests() {
  const before = started.front.requests.length;
  return () => started.front.requests.slice(before);
}

const failures = new Set(['dropped before', 'dropped after', 'unavailable', 'too many queries']);

describe('a server of which a fifth of the connections breaks and a fifth of the requests meets 503', () => {
  it.each([
    ['before the statement ran', '2025-01', { dropBefore: 0.2, unavailable: 0.2 }],
    ['after the statement ran', '2025-02', { dropAfter: 0.2, unavailable: 0.2 }],
    ['before or after it', '2025-03', { dropBefore: 0.1, dropAfter: 0.1, unavailable: 0.2 }],
  ])('takes every snapshot exactly once (%s)', async (_, month, faults) => {
    const parent = path.join(started.folder, month);
    const snapshots = [4, 10, 6].map((alerts, index) => ({ date: `${month}-0${index + 1}`, alerts }));
    for (const { date, alerts } of snapshots) {
      await writeSnapshot(started.writer, {
        folder: path.join(parent, date),
        network: 'simnet',
        date,
        alerts,
      });
    }
    const requests = newRequests();
    Object.assign(started.front.faults, faults);
    const outcomes = await ingestSnapshots(database, { from: parent });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ingested', 'ingested', 'ingested']);

    const failed = requests().filter(({ outcome }) => failures.has(outcome));
    expect(failed.length).toBeGreaterThan(10);
    expect(events).toHaveLength(failed.length);
    started.calm();
    for (const { date, alerts } of snapshots) {
      const rows = await Promise.all(
        RAW_TABLES.map(({ view }) => count(view, `processing_date = '${date}'`)),
      );
      expect(rows).toEqual([alerts, alerts / 2, 1, alerts / 2, alerts / 2]);
      const ids = `(SELECT DISTINCT alert_id FROM published_alerts WHERE processing_date = '${date}')`;
      expect(await count(ids)).toBe(alerts);
      expect(await count('ingestions', `processing_date = '${date}'`)).toBe(1);
    }

    Object.assign(started.front.faults, faults);
    const again = await ingestSnapshots(database, { from: parent });
    expect(again.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    started.calm();
    await vacuum(database, { olderThanHours: 0, unfinishedOlderThanHours: 0 });
    for (const { name, view } of RAW_TABLES) expect(await count(name)).toBe(await count(view));
  });

  it('opens', async () => {
    Object.assign(started.front.faults, { dropBefore: 0.1, dropAfter: 0.1, unavailable: 0.2 });
    for (let i = 0; i < 5; i++) {
      const opened = await openDatabase(started.options('simnet', { retry: PATIENT }));
      await opened.close();
    }
  });
});

describe('what changes something', () => {
  const scores = [1, 2, 3].map((id) => ({
    processing_date: '2025-01-01',
    window_days: 30,
    alert_id: `${id}`,
    address: '0x1',
    score: 0.5,
    model_id: 'm',
    model_version: '1.0.0',
  }));
  const insertAlert = (id: string) => ({
    sql: `INSERT INTO raw_alerts (window_days, processing_date, alert_id, address, typology_type) SELECT 30, '2024-01-01', '${id}', '0x1', 'x'`,
    doing: 'inserting',
    repeatable: false,
  });

  it('is there once in a table that remembers tokens, however often its answer was lost', async () => {
    Object.assign(started.front.faults, { dropAfter: 1, only: 3, match: /^INSERT/ });
    const requests = newRequests();
    await database.insert('alert_scores', scores, 'writing scores');
    expect(requests().map(({ ran }) => ran)).toEqual([true, true, true, true]);
    expect(events.map(({ doing, attempt }) => [doing, attempt])).toEqual(
      [1, 2, 3].map((attempt) => ['writing scores', attempt]),
    );
    expect(await count('alert_scores')).toBe(3);
    await database.insert('alert_scores', scores, 'writing scores again, on purpose');
    expect(await count('alert_scores')).toBe(6);
  });

  it('is not repeated after its answer was lost, where that would do it twice', async () => {
    Object.assign(started.front.faults, { dropAfter: 1, match: /^INSERT/ });
    const requests = newRequests();
    await expect(database.command(insertAlert('lost'))).rejects.toThrow(ServerUnreachableError);
    const row = {
      window_days: 30,
      processing_date: '2024-01-01',
      alert_id: 'lost',
      address: '0x1',
      typology_type: 'x',
    };
    await expect(database.insert('raw_alerts', [row], 'inserting')).rejects.toThrow(ServerUnreachableError);
    expect(requests()).toHaveLength(2);
    expect(events).toEqual([]);
    expect(await count('raw_alerts', `alert_id = 'lost'`)).toBe(2);
  });

  it.each(['unavailable', 'tooManyQueries'] as const)(
    'is repeated when it was not run (%s)',
    async (fault) => {
      Object.assign(started.front.faults, { [fault]: 1, only: 3, match: /^INSERT/ });
      await database.command(insertAlert(fault));
      expect(events).toHaveLength(3);
      expect(await count('raw_alerts', `alert_id = '${fault}'`)).toBe(1);
    },
  );
});

describe('what fails for good', () => {
  it.each([
    ['an unknown table', 'SELECT * FROM nowhere', 'MISSING_TABLE'],
    ['an unknown column', 'SELECT nothing FROM raw_alerts', 'MISSING_COLUMN'],
    ['wrong SQL', 'SELEKT 1', 'DATABASE_ERROR'],
    ['a failing function', 'SELECT throwIf(1)', 'DATABASE_ERROR'],
  ])('is asked for once: %s', async (_, sql, code) => {
    const statement = { sql, doing: 'reading' };
    const reading = [
      () => database.query(statement),
      () => database.arrow(statement),
      () => database.arrowBatches(statement).next(),
      () => database.command(statement),
    ];
    for (const read of reading) {
      const requests = newRequests();
      await expect(read()).rejects.toMatchObject({ code });
      expect(requests()).toHaveLength(1);
    }
    expect(events).toEqual([]);
  });

  it('is asked for once: the wrong password', async () => {
    const requests = newRequests();
    const options = started.options('simnet', { retry: PATIENT, server: { password: 'a guess' } });
    const opening = openDatabase(options);
    await expect(opening).rejects.toMatchObject({ code: 'SERVER_AUTHENTICATION_FAILED' });
    await expect(opening).rejects.not.toThrow(/a guess/);
    expect(requests()).toHaveLength(1);
  });

  it('is asked for once: something that answers and is no ClickHouse', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end('<h1>It works!</h1>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(openDatabase(started.options('simnet', { server: { url } }))).rejects.toThrow(
      ServerHttpError,
    );
    expect(requests).toBe(1);
    server.close();
  });
});

describe('attempts', () => {
  it('end when the policy says so, with the failure, each one told', async () => {
    const retry = { attempts: 5, connectAttempts: 3, firstDelayMs: 1, longestDelayMs: 10 };
    const told: RetryEvent[] = [];
    const options = started.options('simnet', { retry, onRetry: (event) => told.push(event) });
    const impatient = await openDatabase(options);
    for (const fault of ['unavailable', 'dropBefore', 'tooManyQueries'] as const) {
      Object.assign(started.front.faults, { [fault]: 1 });
      const requests = newRequests();
      await expect(impatient.query({ sql: 'SELECT 1', doing: 'reading' })).rejects.toMatchObject({
        code: {
          unavailable: 'SERVER_HTTP_ERROR',
          dropBefore: 'SERVER_UNREACHABLE',
          tooManyQueries: 'DATABASE_ERROR',
        }[fault],
      });
      expect(requests()).toHaveLength(5);
      expect(told.splice(0).map(({ attempt, attempts }) => [attempt, attempts])).toEqual(
        [1, 2, 3, 4].map((attempt) => [attempt, 5]),
      );
      started.calm();
    }
    await impatient.close();
    started.front.faults.unavailable = 1;
    await expect(openDatabase(options)).rejects.toThrow(ServerHttpError);
    expect(told.map(({ doing }) => doing)).toEqual(['connecting', 'connecting']);
  });

  it('end at once when they are cancelled', async () => {
    const controller = new AbortController();
    const patient = await openDatabase(
      started.options('simnet', {
        retry: { firstDelayMs: 60_000 },
        onRetry: () => setImmediate(() => controller.abort()),
      }),
    );
    started.front.faults.unavailable = 1;
    const statement = { sql: 'SELECT 1', doing: 'waiting', signal: controller.signal };
    const start = performance.now();
    await expect(patient.query(statement)).rejects.toThrow(CancelledError);
    expect(performance.now() - start).toBeLessThan(30_000);
    await patient.close();
  });

  it('outlast a server that starts again', async () => {
    const { front } = started;
    const dataDir = path.join(started.folder, 'data');
    const port = Number(new URL(front.url).port);
    await front.close();
    const reading = database.query({ sql: 'SELECT 1 AS one', doing: 'reading' });
    await expect.poll(() => events.some(({ reason }) => /ECONNREFUSED/.test(reason))).toBe(true);
    const next = await startClickHouseFront({ dataDir, port, user: 'miner', password: 'a password' });
    expect(await reading).toEqual([{ one: 1 }]);
    await next.close();
  });
});
