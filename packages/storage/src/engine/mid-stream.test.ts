import { CancelledError, RiskScoringError } from '@risk-scoring/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { initDatabase, openDatabase } from '../open-database.ts';
import { readPeriod } from '../reading/read-period.ts';
import { type CountingProxy, startCountingProxy } from '../testing/counting-proxy.ts';
import { type FaultyFront, startFaultyFront } from '../testing/faulty-front.ts';

const date = '2025-01-01';
const rows = 5_000;
const period = { table: 'raw_alerts', startDate: date, endDate: date, windowDays: 30 } as const;
const statement = { sql: 'SELECT * FROM raw_alerts', doing: 'reading' };

let started: FaultyFront;
let proxy: CountingProxy;

beforeAll(async () => {
  started = await startFaultyFront();
  proxy = await startCountingProxy(started.front.url);
  const { database } = await initDatabase(started.options('simnet'));
  await database.command({
    sql: `INSERT INTO raw_alerts (window_days, processing_date, alert_id, address, typology_type, volume_usd)
SELECT 30, '${date}', leftPad(toString(number), 8, '0'), '0x1', 'fan_in', number FROM numbers(${rows})`,
    doing: 'filling',
    repeatable: false,
  });
  await database.close();
});
afterEach(() => started.calm());
afterAll(async () => {
  await proxy.stop();
  await started.stop();
});

/** A database that tries twice, or so often. */
function open(
  server: { compression?: boolean; requestTimeoutMs?: number } = {},
  attempts = 2,
): Promise<Database> {
  const retry = { attempts, connectAttempts: 2, firstDelayMs: 1, longestDelayMs: 5 };
  return openDatabase(started.options('simnet', { retry, server: { url: proxy.url, ...server } }));
}

async function countRows(batches: AsyncIterable<{ readonly numRows: number }>): Promise<number> {
  let n = 0;
  for await (const batch of batches) n += batch.numRows;
  return n;
}

/** Every way to read, each returning how many rows it got. */
const readers: readonly [string, (database: Database) => Promise<number>][] = [
  ['query', async (database) => (await database.query(statement)).length],
  ['arrow', async (database) => (await database.arrow(statement)).numRows],
  ['arrowBatches', (database) => countRows(database.arrowBatches(statement))],
  ['readPeriod', (database) => countRows(readPeriod(database, period))],
];

/** A fault in the answers that hold rows; `readPeriod` first asks for the dates. */
function breakAnswers(fault: Partial<FaultyFront['front']['faults']>): void {
  Object.assign(started.front.faults, {
    match: /FROM (?:raw|published)_alerts(?![\s\S]*DISTINCT|[\s\S]*BETWEEN)/,
    ...fault,
  });
}

const endings = [
  ['an exception as text', { midStreamStyle: 'text', failAfterBytes: 100_000 }, /throwIf/],
  ['an exception in a tagged block', { midStreamStyle: 'tagged', failAfterBytes: 100_000 }, /throwIf/],
  [
    'an exception that breaks the connection',
    { midStreamStyle: 'abort', failAfterBytes: 100_000 },
    undefined,
  ],
  ['a broken connection', { truncateAfterBytes: 100_000 }, undefined],
] as const;

describe.each([false, true])('a result that ends in the middle (compressed: %s)', (compression) => {
  let database: Database;
  beforeAll(async () => {
    database = await open({ compression });
  });
  afterAll(() => database.close());

  describe.each(endings)('with %s', (_, fault, words) => {
    it.each(readers)('is an error of %s, and the next read is whole', async (_, read) => {
      breakAnswers(fault);
      const failure = await read(database).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(RiskScoringError);
      expect((failure as RiskScoringError).category).toBe('environment');
      if (words !== undefined) expect((failure as Error).message).toMatch(words);
      started.calm();
      expect(await read(database)).toBe(rows);
    });
  });
});

it.each(endings)('fails with %s after the batches that came before it', async (_, fault) => {
  const database = await open();
  const place = 'failAfterBytes' in fault ? 'failAfterBytes' : 'truncateAfterBytes';
  Object.assign(started.front.faults, { ...fault, match: /numbers/, [place]: 1_000_000 });
  const ids: number[] = [];
  const reading = async () => {
    const batches = database.arrowBatches({
      sql: `SELECT toInt32(number) AS id, repeat('x', 100) AS text FROM numbers(20000)`,
      settings: { max_block_size: '500' },
      doing: 'reading',
    });
    for await (const batch of batches) ids.push(...(batch.getChild('id') ?? []));
  };
  await expect(reading()).rejects.toThrow(RiskScoringError);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.length).toBeLessThan(10_000);
  expect(ids).toEqual(ids.map((_, index) => index));
  await database.close();
});

describe('wherever a result ends', () => {
  const small = { sql: 'SELECT number AS id, toString(number) AS name FROM numbers(3)', doing: 'reading' };

  it.each(['text', 'tagged', 'abort', 'truncate'] as const)(
    'it is never taken for the whole (%s)',
    async (style) => {
      const database = await open({}, 1);
      const whole = (await database.arrow(small)).toArray().map((row) => row.toJSON());
      expect(whole).toHaveLength(3);
      const asIs = [];
      for (let bytes = 0; bytes < 900; bytes += bytes % 64 === 0 ? 1 : 9) {
        started.calm();
        Object.assign(
          started.front.faults,
          { match: /numbers\(3\)/ },
          style === 'truncate'
            ? { truncateAfterBytes: bytes }
            : { failAfterBytes: bytes, midStreamStyle: style },
        );
        const result = await database.arrow(small).catch((error: unknown) => error);
        if (!(result instanceof RiskScoringError)) asIs.push(bytes);
      }
      expect(asIs).toEqual([]);
      await database.close();
    },
  );
});

describe('connections', () => {
  it('are kept for the next read, when a result was read to its end', async () => {
    const database = await open();
    const before = proxy.made();
    for (let i = 0; i < 5; i++) for (const [, read] of readers) expect(await read(database)).toBe(rows);
    expect(proxy.made() - before).toBeLessThanOrEqual(1);
    await database.close();
    await expect.poll(() => proxy.open()).toBe(0);
  });

  it('are given back by reads that fail or are abandoned: more of them than the client has connections', async () => {
    const database = await open();
    for (let i = 0; i < 12; i++) {
      for await (const batch of database.arrowBatches(statement)) if (batch.numRows > 0) break;
      for await (const batch of readPeriod(database, period)) if (batch.numRows > 0) break;
      const iterator = database.arrowBatches(statement);
      await iterator.next();
      await iterator.return(undefined);
      breakAnswers({ midStreamStyle: 'text', failAfterBytes: 100_000 });
      const [, read] = readers[i % readers.length] ?? [];
      await expect(read?.(database)).rejects.toThrow(RiskScoringError);
      started.calm();
    }
    expect(await database.query({ sql: 'SELECT 1 AS one', doing: 'reading' })).toEqual([{ one: 1 }]);
    await expect.poll(() => proxy.open()).toBeLessThanOrEqual(1);
    await database.close();
    await expect.poll(() => proxy.open()).toBe(0);
  });
});

describe('a result that stalls', () => {
  it.each(readers)('is an error of %s after the time that a request may take', async (_, read) => {
    const database = await open({ requestTimeoutMs: 300 });
    breakAnswers({ stallAfterBytes: 100_000 });
    const start = performance.now();
    await expect(read(database)).rejects.toMatchObject({ code: 'SERVER_UNREACHABLE' });
    expect(performance.now() - start).toBeLessThan(30_000);
    await database.close();
  });

  it('is left at once when the reading is cancelled, before the first row or after', async () => {
    const database = await open();
    breakAnswers({ stallAfterBytes: 200_000 });
    const start = performance.now();
    for (const max_block_size of ['1000', '100000']) {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      const cancellable = { ...statement, settings: { max_block_size }, signal: controller.signal };
      await expect(countRows(database.arrowBatches(cancellable))).rejects.toThrow(CancelledError);
    }
    const cancellable = { ...statement, signal: AbortSignal.timeout(100) };
    await expect(database.arrow(cancellable)).rejects.toThrow(CancelledError);
    expect(performance.now() - start).toBeLessThan(30_000);
    await database.close();
    await expect.poll(() => proxy.open()).toBe(0);
  });
});
