import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { S3Server } from './s3-server.ts';
import type { S3Credentials } from './s3-signature.ts';
import { s3Fixture } from './s3-test-client.ts';

// ClickHouse's own S3 client is the judge here: it signs, lists, pages, reads ranges and retries.
type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

const CREDENTIALS: S3Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's/ecr+et=' };
const DATES = ['2025-01-01', '2025-01-02', '2025-01-03', '2025-01-04', '2025-01-05'];
const ODD_KEY = 'a b+c%d/é🎉&=x/META.json';

const fixture = s3Fixture();
for (const date of DATES) fixture.put(`sot/eth/${date}/META.json`, `{\n  "processing_date": "${date}"\n}\n`);
fixture.put('sot/eth/2025-01-01/README.md', 'not a META.json');
fixture.put(`sot/${ODD_KEY}`, '{}');
const client = createClient({
  connection: createChdbConnection({
    path: path.join(fixture.scratch, 'engine'),
  }) as unknown as ClientConnection,
});
const parquet = path.join(fixture.folder, 'sot', 'rows.parquet');
mkdirSync(path.dirname(parquet), { recursive: true });
await client.command({
  query: `INSERT INTO FUNCTION file({parquet:String}, 'Parquet')
SELECT number, lower(hex(MD5(toString(number)))) AS text FROM numbers(100000)`,
  query_params: { parquet },
});
afterEach(() => fixture.stop());
afterAll(async () => {
  await client.close();
  await fixture.remove();
});

describe("ClickHouse's s3() on this server", () => {
  it('reads Parquet by signed requests, with a session token and without', async () => {
    for (const credentials of [CREDENTIALS, { ...CREDENTIALS, sessionToken: 'to/ken+==' }]) {
      const s3 = await fixture.start({ credentials });
      const rows = await query(
        `SELECT count() AS rows, sum(number) AS total, uniqExact(text) AS texts FROM ${SIGNED}`,
        {
          ...bound(s3, 'rows.parquet'),
          token: credentials.sessionToken ?? '',
        },
      );
      expect(rows).toEqual([{ rows: 100_000, total: 4_999_950_000, texts: 100_000 }]);
      expect(new Set(s3.requests.map(({ method, status }) => `${method} ${status}`))).toEqual(
        new Set(['HEAD 200', 'GET 206']),
      );
    }
  });

  it('reads anonymously', async () => {
    const { url } = bound(await fixture.start(), 'rows.parquet');
    expect(await query(`SELECT count() AS rows FROM s3({url:String}, NOSIGN, 'Parquet')`, { url })).toEqual([
      { rows: 100_000 },
    ]);
  });

  it('lists over several pages; the ETag is the MD5 of the content', async () => {
    const s3 = await fixture.start({ credentials: CREDENTIALS });
    const rows = await query(
      `SELECT _path, blob, _size = length(blob) AS sized, _etag = concat('"', lower(hex(MD5(blob))), '"') AS tagged
FROM ${blobs('{token:String}, ')} ORDER BY _path`,
      bound(s3, 'eth/*/META.json'),
      { s3_list_object_keys_size: 2 },
    );
    expect(rows).toEqual(
      DATES.map((date) => ({
        _path: `sot/eth/${date}/META.json`,
        blob: `{\n  "processing_date": "${date}"\n}\n`,
        sized: 1,
        tagged: 1,
      })),
    );
    expect(s3.requests.filter(({ path: target }) => target.includes('continuation-token='))).not.toEqual([]);
  });

  it('reads keys with spaces, signs and letters of any kind, percent-encoded in the URL', async () => {
    const s3 = await fixture.start({ credentials: CREDENTIALS });
    const encoded = ODD_KEY.split('/').map(encodeURIComponent).join('/');
    expect(await query(`SELECT _path FROM ${blobs()}`, bound(s3, encoded))).toEqual([
      { _path: `sot/${ODD_KEY}` },
    ]);
  });

  it.each([
    ['eth/none/META.json', {}, /404/],
    ['eth/2025-01-01/META.json', { secret: 'guess' }, /403/],
    ['eth/*/META.json', { secret: 'guess' }, /SignatureDoesNotMatch/],
    ['eth/*/META.json', { key: 'AKIDOTHER' }, /InvalidAccessKeyId/],
    ['eth/*/META.json', { token: 'old' }, /InvalidToken/],
  ])('is told why %s with %j fails', async (key, changed, reason) => {
    const s3 = await fixture.start({ credentials: CREDENTIALS });
    const reading = query(`SELECT blob FROM ${blobs('{token:String}, ')}`, { ...bound(s3, key), ...changed });
    await expect(reading).rejects.toThrow(reason);
  });

  it('is told of a bucket that is not there when it lists', async () => {
    const s3 = await fixture.start({ credentials: CREDENTIALS });
    const missing = { ...bound(s3, ''), url: `${s3.endpoint}/nowhere/*/META.json` };
    await expect(query(`SELECT blob FROM ${blobs()}`, missing)).rejects.toThrow(/NoSuchBucket/);
  });

  it('gets over some 503s, and gives up on nothing but 503s', async () => {
    const shaky = await fixture.start({ faults: { unavailable: 0.5 }, seed: 7 });
    expect(await query(`SELECT count() AS files FROM ${blobs()}`, bound(shaky, 'eth/*/META.json'))).toEqual([
      { files: DATES.length },
    ]);
    expect(shaky.requests.some(({ status }) => status === 503)).toBe(true);

    const down = await fixture.start({ faults: { unavailable: 1 } });
    const reading = query(`SELECT blob FROM ${blobs()}`, bound(down, 'eth/2025-01-01/META.json'), {
      s3_retry_attempts: 2,
    });
    await expect(reading).rejects.toThrow(/503/);
    expect(down.requests.map(({ status }) => status)).toEqual([503, 503, 503]);
  });

  it('notices a body that is cut off', async () => {
    const s3 = await fixture.start({ faults: { truncate: /parquet$|2025-01-03/ } });
    const { url } = bound(s3, 'rows.parquet');
    const sql = `SELECT sum(number) FROM s3({url:String}, NOSIGN, 'Parquet', 'number UInt64')`;
    await expect(query(sql, { url }, { use_parquet_metadata_cache: 0 })).rejects.toThrow(
      /Malformed message|Cannot read from istream/,
    );
    await expect(query(`SELECT blob FROM ${blobs()}`, bound(s3, 'eth/*/META.json'))).rejects.toThrow(
      /Malformed message|Cannot read from istream/,
    );
  });
});

const SIGNED = `s3({url:String}, {key:String}, {secret:String}, {token:String}, 'Parquet')`;

function blobs(token = ''): string {
  return `s3({url:String}, {key:String}, {secret:String}, ${token}'RawBLOB', 'blob String')`;
}

function bound(s3: S3Server, key: string): Record<string, string> & { readonly url: string } {
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  return { url: `${s3.endpoint}/sot/${key}`, key: accessKeyId, secret: secretAccessKey, token: '' };
}

async function query(
  sql: string,
  params: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, number>> = {},
): Promise<unknown[]> {
  // As a clause: settings that go beside the query stay with the embedded engine's session.
  const all = { output_format_json_quote_64bit_integers: 0, s3_retry_attempts: 30, ...settings };
  const clause = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  const result = await client.query({
    query: `${sql} SETTINGS ${clause.join(', ')}`,
    query_params: params,
    format: 'JSONEachRow',
  });
  return result.json();
}
