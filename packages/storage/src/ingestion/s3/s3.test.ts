import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type S3Credentials,
  type S3Server,
  type S3ServerOptions,
  startS3Server,
} from '@risk-scoring/test-servers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../open-database.ts';
import { engines } from '../../testing/engines.ts';
import { type IngestSite, rowsOf, startIngestSite, writeFile } from '../../testing/ingest-site.ts';
import type { FixtureMeta } from '../../testing/snapshot-fixture.ts';
import { ingestSnapshots } from '../ingest.ts';
import { ingestFile } from '../ingest-file.ts';

// With characters that statements and addresses write in other ways.
const credentials: S3Credentials = {
  accessKeyId: 'AKIA-LEAK-1',
  secretAccessKey: `s3/LEAK-2+='quoted' \\ "x"`,
};
const temporary: S3Credentials = { ...credentials, sessionToken: 'token/LEAK-3+==' };
const variables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
];

describe.each(engines)('$name', (engine) => {
  let site: IngestSite;
  /** The buckets' folder; `sot` is one of them. */
  let buckets: string;
  let base: string;
  let s3: S3Server;
  const servers: S3Server[] = [];
  const former = Object.fromEntries(variables.map((name) => [name, process.env[name]]));

  beforeAll(async () => {
    site = await startIngestSite(engine);
    buckets = site.folder();
    base = await site.snapshot({ date: '2025-01-01', alerts: 6 });
    cpSync(base, path.join(buckets, 'sot', 'eth', '2025-01-01'), { recursive: true });
    s3 = await serve({ credentials });
  });
  afterAll(async () => {
    for (const name of variables) setVariable(name, former[name]);
    for (const server of servers) await server.close();
    await site.stop();
  });

  async function serve(options: Partial<S3ServerOptions> = {}): Promise<S3Server> {
    const server = await startS3Server({ folder: buckets, ...options });
    servers.push(server);
    return server;
  }
  /** Runs work with the environment saying where the store is and who asks. */
  async function as<T>(
    server: S3Server,
    keys: S3Credentials | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    for (const name of variables) setVariable(name, undefined);
    setVariable('AWS_ENDPOINT_URL', server.endpoint);
    setVariable('AWS_ACCESS_KEY_ID', keys?.accessKeyId);
    setVariable('AWS_SECRET_ACCESS_KEY', keys?.secretAccessKey);
    setVariable('AWS_SESSION_TOKEN', keys?.sessionToken);
    return work();
  }
  const snapshots = (from: string, options: object = {}) =>
    as(s3, credentials, () => ingestSnapshots(site.database, { from, ...options }));
  const single = (from: string, table: string, options: object = {}) =>
    as(s3, credentials, () => ingestFile(site.database, { from, table, ...options }));
  /** Expects a refusal that tells no key. */
  async function refused(work: () => Promise<unknown>, code: string, ...words: (RegExp | string)[]) {
    const error = await site.refused(work, code, ...words);
    expect(everythingOf(error)).not.toMatch(/LEAK/);
    return error;
  }
  async function place(date: string, key: string, options: object = {}): Promise<string> {
    const to = path.join(buckets, 'sot', ...key.split('/'));
    cpSync(await site.snapshot({ date, ...options }), to, { recursive: true });
    return to;
  }

  describe('a snapshot', () => {
    it('is taken from a prefix, exactly, and the same again changes nothing', async () => {
      const [outcome] = await snapshots('s3://sot/eth/2025-01-01');
      expect(outcome).toMatchObject({
        processingDate: '2025-01-01',
        outcome: 'ingested',
        rows: { raw_alerts: 6, raw_features: 3, raw_clusters: 1, raw_money_flows: 3, raw_address_labels: 3 },
      });
      const columns = 'alert_id, address, typology_type, volume_usd, alert_confidence_score, risk_indicators';
      expect(
        await site.rows(`SELECT ${columns} FROM published_alerts WHERE processing_date = '2025-01-01'`),
      ).toEqual(
        await rowsOf(
          site.started.writer,
          `SELECT ${columns} FROM file('${base}/raw_alerts.parquet', 'Parquet')`,
        ),
      );
      const before = await site.state();
      expect(await snapshots('s3://sot/eth/2025-01-01/')).toMatchObject([{ outcome: 'unchanged' }]);
      expect(await site.state()).toEqual(before);
      expect(await snapshots('s3://sot/eth/2025-01-01', { force: true })).toMatchObject([
        { outcome: 'replaced' },
      ]);
      // Also where the same files are found elsewhere.
      expect(await ingestSnapshots(site.database, { from: base })).toMatchObject([{ outcome: 'unchanged' }]);
    });

    it('is one of several below a prefix, half-written ones passed over', async () => {
      for (const date of ['2025-02-02', '2025-02-01']) await place(date, `many/${date}`);
      await place('2025-02-03', 'many/.2025-02-03.partial');
      const outcomes = await snapshots('s3://sot/many');
      expect(outcomes.map(({ processingDate }) => processingDate)).toEqual(['2025-02-01', '2025-02-02']);
      expect(await site.rows(`SELECT source FROM ingestions WHERE processing_date = '2025-02-01'`)).toEqual([
        `('s3://sot/many/2025-02-01')`,
      ]);
    });

    it('may lie in the bucket itself', async () => {
      cpSync(await site.snapshot({ date: '2025-02-04' }), path.join(buckets, 'own-bucket'), {
        recursive: true,
      });
      expect(await snapshots('s3://own-bucket')).toMatchObject([{ processingDate: '2025-02-04' }]);
    });

    it.each(['a b+c ünï 漢', `p%41 q'uo"te b#c&d=e (x)~!`, 'processing_date=1999-01-01'])(
      'may have a name such as %s',
      async (name) => {
        const parent = `odd/${Buffer.from(name).toString('hex')}`;
        await place('2025-02-05', `${parent}/${name}/in ${name}`);
        // Listed and then read.
        expect(await snapshots(`s3://sot/${parent}/${name}`, { force: true })).toMatchObject([
          { processingDate: '2025-02-05' },
        ]);
      },
    );

    it('is compared by its md5 where the ETag tells nothing, as after an upload in parts', async () => {
      await place('2025-02-06', 'parts');
      const parts = await serve({ credentials, multipartEtags: /./ });
      const ingest = () =>
        as(parts, credentials, () => ingestSnapshots(site.database, { from: 's3://sot/parts', force: true }));
      expect(await ingest()).toMatchObject([{ processingDate: '2025-02-06', rows: { raw_alerts: 6 } }]);
      changeMeta(path.join(buckets, 'sot', 'parts'), (meta) => {
        const alerts = meta.files['raw_alerts.parquet'];
        if (alerts) alerts.md5 = '0'.repeat(32);
      });
      await refused(ingest, 'SNAPSHOT_CHECKSUM_MISMATCH', 's3://sot/parts/raw_alerts.parquet', /md5 0{32}/);
    });

    it('is refused when an object is not the one that META.json describes', async () => {
      const folder = await place('2025-02-07', 'wrong');
      const from = 's3://sot/wrong';
      appendFileSync(path.join(folder, 'raw_features.parquet'), 'x');
      await refused(
        () => snapshots(from),
        'SNAPSHOT_CHECKSUM_MISMATCH',
        `${from}/raw_features.parquet`,
        /bytes/,
      );
      const other = await place('2025-02-07', 'wrong2', {
        meta: (meta: FixtureMeta) => {
          for (const file of Object.values(meta.files)) file.md5 = 'ab'.repeat(16);
          return meta;
        },
      });
      await refused(() => snapshots('s3://sot/wrong2'), 'SNAPSHOT_CHECKSUM_MISMATCH', /md5 abab/);
      changeMeta(other, (meta) => {
        for (const file of Object.values(meta.files)) file.rows += 1;
      });
      await refused(
        () => snapshots('s3://sot/wrong2'),
        'SNAPSHOT_ROW_COUNT_MISMATCH',
        's3://sot/wrong2/raw_alerts.parquet',
        /7 rows/,
      );
    });

    it('is refused when it changes while it is read', async () => {
      const folder = await place('2025-02-08', 'changing');
      const other = await site.snapshot({
        date: '2025-02-08',
        alerts: 6,
        select: { raw_alerts: `* REPLACE ('0xother' AS address)` },
      });
      let changed = false;
      await refused(
        () =>
          snapshots('s3://sot/changing', {
            onProgress: ({ step }: { step: string }) => {
              if (step !== 'ingesting' || changed) return;
              changed = true;
              cpSync(path.join(other, 'raw_alerts.parquet'), path.join(folder, 'raw_alerts.parquet'));
            },
          }),
        'SNAPSHOT_CHECKSUM_MISMATCH',
        's3://sot/changing/raw_alerts.parquet',
      );
      expect(changed).toBe(true);
    });

    it('is refused when META.json or a table is missing, or META.json is too long', async () => {
      const folder = await place('2025-02-09', 'lacking/one');
      renameSync(path.join(folder, 'raw_clusters.parquet'), path.join(folder, 'x'));
      await refused(
        () => snapshots('s3://sot/lacking'),
        'SNAPSHOT_TABLE_MISSING',
        's3://sot/lacking/one/raw_clusters.parquet',
      );
      writeFileSync(path.join(folder, 'META.json'), Buffer.alloc(2 * 1024 ** 2, ' '));
      await refused(
        () => snapshots('s3://sot/lacking'),
        'SNAPSHOT_META_INVALID',
        's3://sot/lacking/one/META.json',
        /too long/,
      );
      writeFileSync(path.join(folder, 'META.json'), '');
      await refused(
        () => snapshots('s3://sot/lacking/one'),
        'SNAPSHOT_META_INVALID',
        's3://sot/lacking/one/META.json',
      );
      rmSync(path.join(folder, 'META.json'));
      await refused(
        () => snapshots('s3://sot/lacking'),
        'SNAPSHOT_FOLDER_UNREADABLE',
        's3://sot/lacking/one/META.json',
      );
    });

    it('is refused when its rows are at fault, naming row and column', async () => {
      await place('2025-02-10', 'faulty', {
        select: {
          raw_alerts: `* REPLACE (if(alert_id = 'alert-00000003', nan, alert_confidence_score) AS alert_confidence_score)`,
        },
      });
      await refused(
        () => snapshots('s3://sot/faulty'),
        'SNAPSHOT_BAD_VALUES',
        's3://sot/faulty/raw_alerts.parquet',
        /row 4, alert_confidence_score = "nan"/,
      );
    });
  });

  describe('a single object', () => {
    async function labels(name: string, set: string, rows = 3): Promise<string> {
      const file = path.join(buckets, 'sot', 'labels', name);
      mkdirSync(path.dirname(file), { recursive: true });
      await writeFile(site.started.writer, file, {
        select: `SELECT 'simnet' AS network, concat('0x', toString(number)) AS address, 'x "y", z' AS label, number / 10 AS confidence_score,
'${set}' AS data_set, '1' AS data_set_version, toDate('2025-01-01') AS valid_from FROM numbers(${rows})`,
      });
      return file;
    }

    it.each(['.csv.gz', '.csv', '.ndjson.zst', '.jsonl', '.parquet', '.parquet.gz'])(
      '%s goes into a table, exactly',
      async (ending) => {
        const set = `set ${ending}`;
        const file = await labels(`a${ending}`, set);
        const first = await single(`s3://sot/labels/a${ending}`, 'miner_labels');
        expect(first).toMatchObject({
          outcome: 'ingested',
          rows: 3,
          scopes: [`${set}, version 1`],
          warnings: [],
        });
        expect(
          await site.rows(
            `SELECT address, label, valid_from, confidence_score FROM published_miner_labels WHERE data_set = '${set}'`,
          ),
        ).toEqual([0, 0.1, 0.2].map((score, index) => `('0x${index}','x "y", z','2025-01-01',${score})`));
        expect(
          await site.rows(`SELECT source, file_md5['miner_labels'] FROM ingestions WHERE scope = '${set}@1'`),
        ).toEqual([
          `('s3://sot/labels/a${ending}','${createHash('md5').update(readFileSync(file)).digest('hex')}')`,
        ]);
        expect(await single(`s3://sot/labels/a${ending}`, 'miner_labels')).toEqual({
          ...first,
          outcome: 'unchanged',
        });
        await labels(`a${ending}`, set, 2);
        expect(await single(`s3://sot/labels/a${ending}`, 'miner_labels')).toMatchObject({
          outcome: 'replaced',
          rows: 2,
        });
        expect(await site.count('published_miner_labels', `data_set = '${set}'`)).toBe(2);
      },
    );

    it('is refused as a local file would be', async () => {
      const put = (name: string, content: string | Buffer) =>
        writeFileSync(path.join(buckets, 'sot', 'labels', name), content);
      const header = 'network,address,label,data_set,data_set_version,valid_from\n';
      const line = 'simnet,0x1,x,d,1,2025-01-01\n';
      put('bomb.csv.gz', gzipSync(Buffer.concat([Buffer.from(header), Buffer.alloc(3_000_000, line)])));
      const limits = { maxPlainBytes: 1_000_000 };
      await refused(
        () => single('s3://sot/labels/bomb.csv.gz', 'miner_labels', { limits }),
        'FILE_TOO_LARGE',
        's3://sot/labels/bomb.csv.gz',
        /1000000 bytes/,
      );
      put('swapped.csv', `address,network,label,data_set,data_set_version,valid_from\n${line}`);
      await refused(
        () => single('s3://sot/labels/swapped.csv', 'miner_labels'),
        'SNAPSHOT_COLUMN_ORDER',
        's3://sot/labels/swapped.csv',
      );
      put('empty.csv', '');
      await refused(
        () => single('s3://sot/labels/empty.csv', 'miner_labels'),
        'FILE_HEADER_INVALID',
        's3://sot/labels/empty.csv',
      );
      put('header.csv', header);
      await refused(
        () => single('s3://sot/labels/header.csv', 'miner_labels'),
        'SNAPSHOT_EMPTY',
        's3://sot/labels/header.csv',
      );
      put('bad.csv', `${header}${line}${line.replace('2025', '1969')}`);
      await refused(
        () => single('s3://sot/labels/bad.csv', 'miner_labels'),
        'SNAPSHOT_COLUMN_TYPE',
        's3://sot/labels/bad.csv',
        /row 2, valid_from = "1969-01-01"/,
      );
      put('cut.csv.gz', gzipSync(header + line.repeat(1000)).subarray(0, 100));
      await refused(
        () => single('s3://sot/labels/cut.csv.gz', 'miner_labels'),
        'S3_UNREADABLE',
        's3://sot/labels/cut.csv.gz',
      );
      put('twice.csv', `${header.trim()},label\n${line.trim()},x\n`);
      await refused(
        () => single('s3://sot/labels/twice.csv', 'miner_labels'),
        'FILE_HEADER_INVALID',
        /'label' twice/,
      );
      put('lies.parquet', 'no parquet');
      await refused(
        () => single('s3://sot/labels/lies.parquet', 'miner_labels'),
        'S3_UNREADABLE',
        's3://sot/labels/lies.parquet',
      );
      await refused(() => single('s3://sot/labels/a.txt', 'miner_labels'), 'FILE_FORMAT_UNKNOWN');
      await refused(
        () => single('s3://sot/labels/none.csv', 'miner_labels'),
        'S3_UNREADABLE',
        /does not exist/,
      );
    });
  });

  describe('the store', () => {
    it('may be open to everybody', async () => {
      const open = await serve();
      await place('2025-03-01', 'open');
      expect(
        await as(open, undefined, () => ingestSnapshots(site.database, { from: 's3://sot/open' })),
      ).toMatchObject([{ outcome: 'ingested' }]);
    });

    it('may want a session token', async () => {
      const guarded = await serve({ credentials: temporary });
      await place('2025-03-02', 'token');
      const ingest = (keys: S3Credentials) =>
        as(guarded, keys, () => ingestSnapshots(site.database, { from: 's3://sot/token' }));
      await refused(() => ingest(credentials), 'S3_UNREADABLE', 's3://sot/token');
      await refused(
        () => ingest({ ...temporary, sessionToken: 'LEAK-other' }),
        'S3_UNREADABLE',
        's3://sot/token',
      );
      expect(await ingest(temporary)).toMatchObject([{ outcome: 'ingested' }]);
    });

    it('may not let us in', async () => {
      const from = 's3://sot/eth/2025-01-01';
      for (const keys of [
        undefined,
        { ...credentials, secretAccessKey: 'LEAK-wrong' },
        { ...credentials, accessKeyId: 'LEAK-nobody' },
      ]) {
        await refused(
          () => as(s3, keys, () => ingestSnapshots(site.database, { from })),
          'S3_UNREADABLE',
          from,
          /403|AWS_ACCESS_KEY_ID/,
        );
        await refused(
          () => as(s3, keys, () => ingestSnapshots(site.database, { from: 's3://sot/many' })),
          'S3_UNREADABLE',
          's3://sot/many',
        );
        const file = `${from}/raw_alerts.parquet`;
        await refused(
          () => as(s3, keys, () => ingestFile(site.database, { from: file, table: 'raw_alerts' })),
          'S3_UNREADABLE',
          file,
        );
      }
    });

    it('may have no such bucket, or nothing there', async () => {
      await refused(
        () => snapshots('s3://no-such-bucket/x'),
        'S3_UNREADABLE',
        's3://no-such-bucket/x',
        /bucket/,
      );
      await refused(() => snapshots('s3://sot/nothing'), 'SNAPSHOT_FOLDER_UNREADABLE', 's3://sot/nothing');
      await refused(() => snapshots('s3://sot/eth/2025'), 'SNAPSHOT_FOLDER_UNREADABLE', 's3://sot/eth/2025');
    });

    it('may be busy for a while', async () => {
      const busy = await serve({ credentials, faults: { unavailable: 0.3 }, seed: 7 });
      await place('2025-03-03', 'busy');
      expect(
        await as(busy, credentials, () => ingestSnapshots(site.database, { from: 's3://sot/busy' })),
      ).toMatchObject([{ outcome: 'ingested', rows: { raw_alerts: 6 } }]);
      expect(busy.requests.filter(({ status }) => status === 503).length).toBeGreaterThan(3);
    });

    it('may break off every time', async () => {
      const breaking = await serve({ credentials, faults: { truncate: /raw_money_flows/ } });
      await place('2025-03-04', 'breaking');
      await refused(
        () => as(breaking, credentials, () => ingestSnapshots(site.database, { from: 's3://sot/breaking' })),
        'S3_UNREADABLE',
        's3://sot/breaking/raw_money_flows.parquet',
      );
    });

    it('may not answer at all', async () => {
      const gone = await startS3Server({ folder: buckets });
      await gone.close();
      await refused(
        () => as(gone, credentials, () => ingestSnapshots(site.database, { from: 's3://sot/x' })),
        'S3_UNREADABLE',
        's3://sot/x',
      );
    });
  });

  it('an address or an environment that cannot be meant is refused', async () => {
    for (const from of [
      's3://',
      's3:///x',
      's3://UPPER/x',
      's3://key:LEAK@sot/x',
      's3://sot/a*',
      's3://sot/{a,b}',
      's3://sot/a?b',
      's3://sot/a//b',
      's3://sot/../x',
      's3://sot/x.zip::y',
      's3://sot/a\nb',
      's3://sot/a$b',
    ]) {
      await refused(() => snapshots(from), 'INVALID_INPUT');
      if (!from.includes('$')) await refused(() => single(`${from}.csv`, 'miner_labels'), 'INVALID_INPUT');
    }
    const ingest = () => ingestSnapshots(site.database, { from: 's3://sot/x' });
    await refused(
      () => as(s3, { ...credentials, secretAccessKey: '' }, ingest),
      'INVALID_INPUT',
      'AWS_SECRET_ACCESS_KEY',
    );
    for (const endpoint of [
      'ftp://x',
      'no url',
      'http://me:LEAK@127.0.0.1:1',
      'http://127.0.0.1:1/?LEAK=1',
    ]) {
      await refused(() => as({ ...s3, endpoint }, credentials, ingest), 'INVALID_INPUT', 'AWS_ENDPOINT_URL');
    }
  });

  it('keys are nowhere but in the statements', async () => {
    await place('2025-04-01', 'secret');
    const options = site.started.options('simnet');
    const wire = options.server && (await recordRequests(options.server.url));
    const database = await openDatabase(
      options.server && wire ? { ...options, server: { ...options.server, url: wire.url } } : options,
    );
    try {
      await as(s3, temporary, () => ingestSnapshots(database, { from: 's3://sot/secret' })).catch(
        () => undefined,
      );
      const [outcome] = await as(s3, credentials, () =>
        ingestSnapshots(database, { from: 's3://sot/secret' }),
      );
      expect(outcome).toMatchObject({ outcome: 'ingested' });
      expect(JSON.stringify(outcome)).not.toMatch(/LEAK/);
      expect(JSON.stringify(site.retries)).not.toMatch(/LEAK/);
      expect(await site.rows('SELECT * FROM ingestions')).not.toContain('LEAK');
      expect((await site.rows('SELECT * FROM ingestions')).join('\n')).not.toMatch(/LEAK/);
      if (wire !== undefined) {
        expect(wire.requests.length).toBeGreaterThan(10);
        expect(wire.requests.join('\n')).not.toMatch(/LEAK/);
        expect(wire.bodies.join('\n')).toMatch(/LEAK/);
      }
    } finally {
      await database.close();
      await wire?.close();
    }
  });
});

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** What a log could show of an error: messages, stacks and properties, down to its first cause. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [
    error.message,
    error.stack,
    JSON.stringify(error),
    JSON.stringify(Object.entries(error)),
    everythingOf(error.cause),
  ].join('\n');
}

function changeMeta(folder: string, change: (meta: FixtureMeta) => void): void {
  const file = path.join(folder, 'META.json');
  const meta = JSON.parse(readFileSync(file, 'utf8')) as FixtureMeta;
  change(meta);
  writeFileSync(file, JSON.stringify(meta));
}

/** Passes requests on to a server, and keeps what a proxy on the way might write down: addresses and headers. */
async function recordRequests(target: string) {
  const requests: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    requests.push(
      `${request.method} ${decodeURIComponent((request.url ?? '').replaceAll('+', ' '))} ${JSON.stringify(request.headers)}`,
    );
    const onward = httpRequest(
      target + (request.url ?? ''),
      { method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString('latin1')));
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    bodies,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
