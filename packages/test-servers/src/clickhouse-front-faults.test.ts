import path from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClickHouseFront, type Faults, startClickHouseFront } from './index.ts';
import { scratchFolder } from './testing/scratch.ts';

const scratch = scratchFolder();
const dataDir = path.join(scratch.folder, 'data');
const noFaults: Faults = {
  dropBefore: 0,
  dropAfter: 0,
  unavailable: 0,
  tooManyQueries: 0,
  delayMs: 0,
  stallAfterBytes: undefined,
  truncateAfterBytes: undefined,
  failAfterBytes: undefined,
  midStreamStyle: 'tagged',
  match: undefined,
  only: undefined,
};
let front: ClickHouseFront;
let client: ClickHouseClient;

beforeAll(async () => {
  front = await startClickHouseFront({ dataDir, seed: 7 });
  client = connect();
  await client.command({ query: 'CREATE TABLE rows (id UInt32) ENGINE = MergeTree ORDER BY id' });
});
afterEach(() => void Object.assign(front.faults, noFaults));
afterAll(async () => {
  await client.close();
  await front.close();
  scratch.remove();
});

function connect(options: Parameters<typeof createClient>[0] = {}): ClickHouseClient {
  // The client's own log of the errors that are wanted here is turned off.
  return createClient({ url: front.url, log: { level: 127 }, ...options });
}

async function countRows(): Promise<number> {
  Object.assign(front.faults, noFaults);
  const result = await client.query({
    query: 'SELECT toUInt32(count()) AS n FROM rows',
    format: 'JSONEachRow',
  });
  return (await result.json<{ n: number }>())[0]?.n ?? -1;
}

const insertOne = () => client.insert({ table: 'rows', values: [{ id: 1 }], format: 'JSONEachRow' });
const outcomes = () => front.requests.map((request) => request.outcome);
const numbers = 'SELECT number AS id FROM numbers(100000)';
const select = (from = client, settings = {}) =>
  from.query({ query: numbers, format: 'JSONEachRow', clickhouse_settings: settings });

describe('instead of an answer', () => {
  it.each([
    ['dropBefore', { code: 'ECONNRESET' }, 'dropped before', 0],
    ['dropAfter', { code: 'ECONNRESET' }, 'dropped after', 1],
    ['unavailable', { message: expect.stringContaining('503 Service Unavailable') }, 'unavailable', 0],
    ['tooManyQueries', { code: '202', type: 'TOO_MANY_SIMULTANEOUS_QUERIES' }, 'too many queries', 0],
  ] as const)('%s', async (fault, error, outcome, written) => {
    const before = await countRows();
    front.faults[fault] = 1;
    await expect(insertOne()).rejects.toMatchObject(error);
    expect(front.requests.at(-1)).toMatchObject({ outcome, ran: written === 1 });
    expect(await countRows()).toBe(before + written);
  });

  it.each(['unavailable', 'tooManyQueries'] as const)(
    'takes a large upload all the same: %s',
    async (fault) => {
      front.faults[fault] = 1;
      const values = Array.from({ length: 200_000 }, (_, id) => ({ id }));
      await expect(client.insert({ table: 'rows', values, format: 'JSONEachRow' })).rejects.toThrow(
        /Too many|503/,
      );
      expect(front.requests.at(-1)).toMatchObject({ ran: false });
    },
  );

  it('strikes ping as well, unless only some statements are meant', async () => {
    front.faults.unavailable = 1;
    expect((await client.ping()).success).toBe(false);
    front.faults.match = /INSERT/;
    expect((await client.ping()).success).toBe(true);
    await expect(insertOne()).rejects.toThrow('503');
    await client.command({ query: 'SELECT 1' });
  });

  it('strikes only so often', async () => {
    Object.assign(front.faults, { dropBefore: 1, only: 2, match: /SELECT/g });
    await insertOne();
    for (const isHit of [true, true, false]) {
      const asked = client.command({ query: 'SELECT 1' });
      await (isHit ? expect(asked).rejects.toThrow() : asked);
    }
    expect(front.faults.only).toBe(0);
  });
});

describe('chance', () => {
  it('is the seed’s', async () => {
    const fates: string[][] = [];
    await front.close();
    for (const seed of [1, 1, 2]) {
      const faults = { dropBefore: 0.2, dropAfter: 0.2, unavailable: 0.2, tooManyQueries: 0.2 };
      front = await startClickHouseFront({ dataDir, seed, faults });
      const asking = connect({ keep_alive: { enabled: false } });
      for (let i = 0; i < 60; i++) await asking.command({ query: 'SELECT 1' }).catch(() => undefined);
      fates.push(outcomes());
      await asking.close();
      await front.close();
    }
    front = await startClickHouseFront({ dataDir });
    await client.close();
    client = connect();
    expect(fates[0]).toEqual(fates[1]);
    expect(fates[0]).not.toEqual(fates[2]);
    expect(new Set(fates[0])).toEqual(
      new Set(['dropped before', 'dropped after', 'unavailable', 'too many queries', 'answered']),
    );
  });
});

describe('slow answers', () => {
  it('come later', async () => {
    front.faults.delayMs = 300;
    const start = performance.now();
    await client.command({ query: 'SELECT 1' });
    expect(performance.now() - start).toBeGreaterThanOrEqual(295);
  });

  it('stop in the middle and stay open', async () => {
    front.faults.stallAfterBytes = 100_000;
    const impatient = connect({ request_timeout: 500 });
    const { stream } = await impatient.exec({ query: `${numbers} FORMAT CSV` });
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of stream) bytes += (chunk as Buffer).length;
    })();
    await expect(reading).rejects.toThrow();
    expect(bytes).toBe(100_000);
    expect(front.requests.at(-1)).toMatchObject({ ran: true, outcome: 'stalled' });
    await impatient.close();
  });
});

describe('broken bodies', () => {
  it.each([false, true])('end without the last chunk (compressed: %s)', async (response) => {
    front.faults.truncateAfterBytes = 100_000;
    const reader = connect({ compression: { response } });
    const { stream } = await reader.exec({ query: `${numbers} FORMAT CSV` });
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of stream) bytes += (chunk as Buffer).length;
    })();
    await expect(reading).rejects.toThrow('aborted');
    // A client may throw away what it had not handed on yet.
    expect(bytes).toBeLessThanOrEqual(100_000);
    expect(front.requests.at(-1)).toMatchObject({ ran: true, outcome: 'truncated' });
    await reader.close();
  });
});

describe('failures in mid-stream', () => {
  it.each([false, true])(
    'are a tagged block that the client understands (compressed: %s)',
    async (response) => {
      front.faults.failAfterBytes = 100_000;
      const reader = connect({ compression: { response } });
      const result = await select(reader);
      expect(result.response_headers['x-clickhouse-exception-tag']).toMatch(/^\w{16}$/);
      await expect(result.json()).rejects.toMatchObject({
        code: '395',
        type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
        message: expect.stringMatching(/^Value passed to 'throwIf'/),
      });
      expect(front.requests.at(-1)).toMatchObject({ ran: true, outcome: 'failed in mid-stream' });
      await reader.close();
    },
  );

  it('are text behind the rows and a clean end', async () => {
    Object.assign(front.faults, { failAfterBytes: 1000, midStreamStyle: 'text' });
    const result = await select();
    expect(result.response_headers).not.toHaveProperty('x-clickhouse-exception-tag');
    const text = await result.text();
    expect(text.indexOf('Code: 395. DB::Exception: ')).toBe(1000);
    expect(text).toMatch(/\(FUNCTION_THROW_IF_VALUE_IS_NON_ZERO\) \(version .*\)$/);
  });

  it('are a row of their own where the format shall hold', async () => {
    Object.assign(front.faults, { failAfterBytes: 0, midStreamStyle: 'text' });
    const result = await select(client, { http_write_exception_in_output_format: 1 });
    expect(await result.json()).toEqual([{ exception: expect.stringMatching(/^Code: 395/) }]);
  });

  it('are a broken connection', async () => {
    Object.assign(front.faults, { failAfterBytes: 1000, midStreamStyle: 'abort' });
    await expect((await select()).text()).rejects.toThrow('aborted');
  });

  it('are an error answer to who waits for the end', async () => {
    front.faults.failAfterBytes = 1000;
    await expect(select(client, { wait_end_of_query: 1 })).rejects.toMatchObject({ code: '395' });
  });
});

describe('closing', () => {
  it('waits for what runs, and ends what stalls', async () => {
    front.faults.stallAfterBytes = 10;
    front.faults.match = /numbers/;
    const { stream } = await client.exec({ query: `${numbers} FORMAT CSV` });
    const stalled = (async () => {
      for await (const _ of stream);
    })();
    const slow = client
      .query({ query: 'SELECT sleep(1) AS slept', format: 'JSONEachRow' })
      .then((r) => r.json());
    await expect.poll(() => front.requests.at(-1)?.query).toContain('sleep');
    const [rows] = await Promise.all([slow, expect(stalled).rejects.toThrow(), front.close()]);
    expect(rows).toEqual([{ slept: 0 }]);
    await expect(client.command({ query: 'SELECT 1' })).rejects.toThrow(
      /ECONNREFUSED|ECONNRESET|socket hang up/,
    );
    await client.close();
    front = await startClickHouseFront({ dataDir });
    client = connect();
    expect(await countRows()).toBeGreaterThan(0);
  });
});
