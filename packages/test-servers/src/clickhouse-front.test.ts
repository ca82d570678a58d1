import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClickHouseFront, startClickHouseFront } from './index.ts';
import { scratchFolder } from './testing/scratch.ts';

const scratch = scratchFolder();
const dataDir = path.join(scratch.folder, 'data');
const login = { username: 'scorer', password: "pass:word'" };
let front: ClickHouseFront;
let client: ClickHouseClient;

beforeAll(async () => {
  front = await startClickHouseFront({ dataDir, user: login.username, password: login.password });
  client = connect();
  await client.command({ query: 'CREATE DATABASE test' });
});
afterAll(async () => {
  await client.close();
  await front.close();
  scratch.remove();
});

function connect(options: Parameters<typeof createClient>[0] = {}): ClickHouseClient {
  // The client's own log of the errors that are wanted here is turned off.
  return createClient({ url: front.url, ...login, log: { level: 127 }, ...options });
}

async function rows<Row>(query: string, options: object = {}): Promise<Row[]> {
  const result = await client.query({ query, format: 'JSONEachRow', ...options });
  return result.json<Row>();
}

async function makeTable(name: string, settings = ''): Promise<void> {
  await client.command({
    query: `CREATE TABLE test.${name} (id UInt32, text String DEFAULT 'none') ENGINE = MergeTree ORDER BY id ${settings}`,
  });
}

const lastRequest = () => front.requests.at(-1);
const spooled = () =>
  readdirSync(path.join(dataDir, 'tmp')).flatMap((own) => readdirSync(path.join(dataDir, 'tmp', own)));

describe('queries', () => {
  it('answers ping without credentials', async () => {
    const stranger = connect({ username: 'nobody', password: '' });
    expect(await stranger.ping()).toEqual({ success: true });
    await stranger.close();
  });

  it.each([{ use_multipart_params: false }, { use_multipart_params: true }])(
    'binds parameters as they are ($use_multipart_params: as a form)',
    async (how) => {
      const text = `it's \\ "q" {x:String}\n\t-- '; DROP DATABASE test; 🙂`;
      const query_params = { text, list: [text, ''], none: null, count: 7, flag: true };
      const query =
        'SELECT {text:String} AS text, {list:Array(String)} AS list, {none:Nullable(String)} AS none, {count:UInt8} + 1 AS more, {flag:Bool} AS flag';
      const [row] = await rows(query, { query_params, ...how });
      expect(row).toEqual({ text, list: [text, ''], none: null, more: 8, flag: true });
      expect(lastRequest()?.query).toContain('{text:String}');
      expect(lastRequest()?.headers['content-type']?.startsWith('multipart/form-data') ?? false).toBe(
        how.use_multipart_params,
      );
    },
  );

  it('keeps what one request sets from the others, many at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 150 }, async (_, i) => {
        const settings = { max_threads: 1 + (i % 5) };
        const [row] = await rows<{ i: number; threads: string }>(
          "SELECT {i:UInt32} AS i, toString(getSetting('max_threads')) AS threads",
          { query_params: { i }, clickhouse_settings: settings },
        );
        return row?.i === i && row.threads === String(settings.max_threads);
      }),
    );
    expect(answers).toEqual(answers.map(() => true));
  });

  it('applies settings, to one request only', async () => {
    const query = 'SELECT number FROM numbers(10)';
    const limited = rows(query, { clickhouse_settings: { max_result_rows: '3' } });
    await expect(limited).rejects.toMatchObject({ code: '396', type: 'TOO_MANY_ROWS_OR_BYTES' });
    expect(await rows(query)).toHaveLength(10);
    await expect(rows(query, { clickhouse_settings: { max_result_rowz: '3' } })).rejects.toMatchObject({
      type: 'UNKNOWN_SETTING',
    });
  });

  it('compresses both ways when asked', async () => {
    await makeTable('packed');
    const packing = connect({ compression: { request: true, response: true } });
    const values = Array.from({ length: 2000 }, (_, id) => ({ id, text: 'the same text' }));
    await packing.insert({ table: 'test.packed', values, format: 'JSONEachRow' });
    expect(lastRequest()?.headers['content-encoding']).toBe('gzip');
    expect(lastRequest()?.bytes).toBeLessThan(JSON.stringify(values).length / 4);
    const result = await packing.query({
      query: 'SELECT * FROM test.packed ORDER BY id',
      format: 'JSONEachRow',
    });
    expect(result.response_headers['content-encoding']).toBe('gzip');
    expect(await result.json()).toEqual(values);
    await packing.close();
  });

  it('tells what ran and how', async () => {
    const result = await client.query({
      query: 'SELECT 1 AS one',
      format: 'JSONEachRow',
      query_id: 'my-query',
    });
    await result.text();
    expect(result.response_headers).toMatchObject({
      'x-clickhouse-query-id': 'my-query',
      'x-clickhouse-format': 'JSONEachRow',
      'x-clickhouse-timezone': expect.stringMatching(/\w/),
      'x-clickhouse-server-display-name': 'clickhouse-front',
      'content-type': 'application/x-ndjson; charset=UTF-8',
    });
    expect(lastRequest()).toMatchObject({ queryId: 'my-query', ran: true, outcome: 'answered' });
  });
});

describe('inserts', () => {
  it('takes JSON rows, with defaults for what they leave out', async () => {
    await makeTable('plain');
    const { summary } = await client.insert({
      table: 'test.plain',
      values: [{ id: 1, text: "it's" }, { id: 2 }],
      format: 'JSONEachRow',
    });
    expect(summary).toMatchObject({ written_rows: '2' });
    await client.command({
      query: 'INSERT INTO test.plain VALUES (3, {text:String})',
      query_params: { text: 'x' },
    });
    expect(await rows('SELECT * FROM test.plain ORDER BY id')).toEqual([
      { id: 1, text: "it's" },
      { id: 2, text: 'none' },
      { id: 3, text: 'x' },
    ]);
  });

  it.each(['Parquet', 'ArrowStream', 'CSV'])('takes a stream of %s through input()', async (format) => {
    await makeTable(`streamed_${format}`);
    const made = await client.exec({
      query: `SELECT number AS id, toString(number) AS text FROM numbers(50000) FORMAT ${format}`,
    });
    const { stream, summary } = await client.exec({
      query: `INSERT INTO test.{table:Identifier} (id, text) SELECT id + 1, text FROM input('id UInt64, text String') WHERE id < {end:UInt32} FORMAT ${format}`,
      query_params: { table: `streamed_${format}`, end: 40000 },
      values: made.stream,
    });
    for await (const chunk of stream) expect(chunk).toHaveLength(0);
    expect(summary).toMatchObject({ written_rows: '40000' });
    expect(
      await rows(
        `SELECT count() AS n, max(id) AS last, any(text) != '' AS has FROM test.streamed_${format}`,
        {
          clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
        },
      ),
    ).toEqual([{ n: 40000, last: 40000, has: 1 }]);
    expect(spooled()).toEqual([]);
  });

  it('knows a block by its token', async () => {
    await makeTable('once', 'SETTINGS non_replicated_deduplication_window = 100');
    for (const token of ['a', 'a', 'b']) {
      await client.insert({
        table: 'test.once',
        values: [{ id: 1 }],
        format: 'JSONEachRow',
        clickhouse_settings: { insert_deduplication_token: token },
      });
    }
    expect(await rows('SELECT id FROM test.once')).toHaveLength(2);
  });

  it('runs nothing of an upload that breaks off', async () => {
    await makeTable('broken');
    const query = 'INSERT INTO test.broken FORMAT JSONEachRow';
    const stop = new AbortController();
    const body = Readable.from(
      (async function* () {
        yield '{"id":1}\n'.repeat(1000);
        await expect.poll(() => lastRequest()).toMatchObject({ query, bytes: 9000 });
        stop.abort();
      })(),
      { objectMode: false },
    );
    await expect(client.exec({ query, values: body, abort_signal: stop.signal })).rejects.toThrow();
    await expect.poll(() => lastRequest()?.outcome).toBe('client gone');
    expect(await rows('SELECT id FROM test.broken')).toEqual([]);
    expect(spooled()).toEqual([]);
  });

  it('says which row it cannot read', async () => {
    await makeTable('strict');
    const values = [{ id: 1 }, { id: 'one' }];
    await expect(
      client.insert({ table: 'test.strict', values, format: 'JSONEachRow' }),
    ).rejects.toMatchObject({
      type: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
      message: expect.stringContaining('row 2'),
    });
  });
});
