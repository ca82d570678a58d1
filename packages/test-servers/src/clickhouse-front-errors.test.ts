import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClickHouseFront, startClickHouseFront } from './index.ts';
import { scratchFolder } from './testing/scratch.ts';

const scratch = scratchFolder();
const dataDir = path.join(scratch.folder, 'data');
const login = { username: 'scorer', password: "pass:word'" };
const credentials = { 'X-ClickHouse-User': login.username, 'X-ClickHouse-Key': login.password };
let front: ClickHouseFront;
let client: ClickHouseClient;

beforeAll(async () => {
  front = await startClickHouseFront({ dataDir, user: login.username, password: login.password });
  client = connect();
});
afterAll(async () => {
  await client.close();
  await front.close();
  scratch.remove();
});

function connect(options: Parameters<typeof createClient>[0] = {}): ClickHouseClient {
  return createClient({ url: front.url, ...login, log: { level: 127 }, ...options });
}

async function ask(query: string, init: RequestInit & { search?: string } = {}) {
  const { search = '', ...rest } = init;
  const response = await fetch(`${front.url}/?${search}`, {
    method: 'POST',
    body: query,
    headers: credentials,
    ...rest,
  });
  return {
    status: response.status,
    code: response.headers.get('x-clickhouse-exception-code'),
    text: await response.text(),
  };
}

describe('who may ask', () => {
  it.each([
    ['another password', { password: 'guess' }],
    ['another user', { username: 'root' }],
    ['nobody', { username: '', password: '' }],
  ])('refuses %s', async (_, wrong) => {
    const stranger = connect(wrong);
    await expect(stranger.command({ query: 'SELECT 1' })).rejects.toMatchObject({
      code: '516',
      type: 'AUTHENTICATION_FAILED',
    });
    await stranger.close();
    expect(front.requests.at(-1)).toMatchObject({ ran: false, outcome: 'refused', code: 516 });
  });

  it('knows the ways to say it, and keeps no password', async () => {
    expect(await ask('SELECT 1')).toMatchObject({ status: 200, text: '1\n' });
    const search = new URLSearchParams({ user: login.username, password: login.password }).toString();
    expect(await ask('SELECT 1', { headers: {}, search })).toMatchObject({ status: 200, text: '1\n' });
    await client.command({ query: 'SELECT 1' });
    const both = { ...credentials, Authorization: 'Basic eDp5' };
    expect(await ask('SELECT 1', { headers: both })).toMatchObject({ status: 403, code: '516' });
    const log = JSON.stringify(front.requests);
    expect(log).toContain('(hidden)');
    expect(log).not.toContain(login.password);
    expect(log).not.toContain(Buffer.from(`${login.username}:${login.password}`).toString('base64'));
  });
});

describe('what is refused', () => {
  it('gives the client code and type of an unknown table', async () => {
    const failed = client.query({ query: 'SELECT * FROM not_there', format: 'JSONEachRow' });
    await expect(failed).rejects.toMatchObject({ name: 'Error', code: '60', type: 'UNKNOWN_TABLE' });
    expect(front.requests.at(-1)).toMatchObject({ ran: false, outcome: 'refused', code: 60 });
  });

  it.each([
    ['an unknown table', 'SELECT * FROM not_there', 404, 60, 'UNKNOWN_TABLE'],
    ['a syntax error', 'SELEC 1', 400, 62, 'SYNTAX_ERROR'],
    ['two statements', "SELECT ';'; SELECT 2", 400, 62, 'SYNTAX_ERROR'],
    ['a failing function', 'SELECT throwIf(1)', 500, 395, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO'],
    ['a missing parameter', 'SELECT {x:String}', 500, 456, 'UNKNOWN_QUERY_PARAMETER'],
    [
      'a file of the server',
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      500,
      291,
      'DATABASE_ACCESS_DENIED',
    ],
    ['a file for the server', "SELECT 1 INTO OUTFILE '/tmp/x'", 500, 358, 'INTO_OUTFILE_NOT_ALLOWED'],
    ['rows of a file', "INSERT INTO t FROM INFILE '/tmp/x' FORMAT CSV", 404, 78, 'UNKNOWN_TYPE_OF_QUERY'],
  ])('answers %s as a server does', async (_, query, status, code, type) => {
    const answer = await ask(query);
    expect(answer).toMatchObject({ status, code: String(code) });
    expect(answer.text).toMatch(
      new RegExp(`^Code: ${code}\\. DB::Exception: [^]*\\(${type}\\) \\(version \\d+\\.\\d+[^]*\\)\n$`),
    );
    expect(answer.text.match(/Code: /g)).toHaveLength(1);
  });

  it('refuses an unknown database, however it is spelt', async () => {
    for (const database of ['not_there', 'x`; CREATE DATABASE smuggled --']) {
      const lost = connect({ database });
      await expect(lost.command({ query: 'SELECT 1' })).rejects.toMatchObject({ type: 'UNKNOWN_DATABASE' });
      await lost.close();
    }
    expect((await ask('SHOW DATABASES')).text).not.toContain('smuggled');
  });

  it('lets GET only read', async () => {
    const get = (query: string) =>
      ask('', { method: 'GET', body: null, search: new URLSearchParams({ query }).toString() });
    expect(await get('SELECT 1')).toMatchObject({ status: 200, text: '1\n' });
    expect(await get('CREATE DATABASE by_get')).toMatchObject({ code: '164' });
  });

  it('has no other addresses', async () => {
    expect((await fetch(`${front.url}/play`)).status).toBe(404);
  });
});

describe('a front of its own process', () => {
  it('says where it is, keeps its data, and ends when told', async () => {
    const folder = path.join(scratch.folder, 'own');
    const start = async () => {
      const main = fileURLToPath(new URL('../dist/front-main.js', import.meta.url));
      const child = spawn(process.execPath, [main, '--data-dir', folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(child.stdout, 'data');
      const { url, pid } = JSON.parse(String(line));
      expect(pid).toBe(child.pid);
      return { child, own: createClient({ url }) };
    };
    const first = await start();
    await first.own.command({ query: 'CREATE TABLE kept (id UInt8) ENGINE = MergeTree ORDER BY id' });
    await first.own.insert({ table: 'kept', values: [{ id: 1 }], format: 'JSONEachRow' });
    first.child.kill('SIGTERM');
    expect(await once(first.child, 'exit')).toEqual([0, null]);
    const second = await start();
    const result = await second.own.query({ query: 'SELECT id FROM kept', format: 'JSONEachRow' });
    expect(await result.json()).toEqual([{ id: 1 }]);
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  });
});
