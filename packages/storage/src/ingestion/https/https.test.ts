import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { engines } from '../../testing/engines.ts';
import { type IngestSite, startIngestSite } from '../../testing/ingest-site.ts';
import type { FixtureMeta } from '../../testing/snapshot-fixture.ts';
import { ingestSnapshots } from '../ingest.ts';
import { ingestFile } from '../ingest-file.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server of files, whose answers a test may replace. */
interface Web {
  readonly url: string;
  /** Answers for `/path`, once each in order; the last one stays. */
  readonly answers: Map<string, Handler[]>;
  readonly requests: IncomingMessage[];
  readonly files: Map<string, Buffer>;
  close(): Promise<void>;
}

const answersOf =
  (status: number, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers);
    response.end('an answer');
  };

async function startWeb(
  make: (handler: Handler) => Server = (handler) => createServer(handler),
): Promise<Web> {
  const files = new Map<string, Buffer>();
  const answers = new Map<string, Handler[]>();
  const requests: IncomingMessage[] = [];
  const plain: Handler = (request, response) => {
    const file = files.get(new URL(request.url ?? '', 'http://x').pathname);
    if (file === undefined) return answersOf(404)(request, response);
    response.writeHead(200, { 'content-length': file.length });
    response.end(file);
  };
  const server = make((request, response) => {
    requests.push(request);
    const ordered = answers.get(new URL(request.url ?? '', 'http://x').pathname) ?? [];
    const answer = ordered.length > 1 ? ordered.shift() : ordered[0];
    (answer ?? plain)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    requests,
    files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

describe.each(engines)('$name', (engine) => {
  let site: IngestSite;
  let web: Web;
  let other: Web;
  let dates = 0;
  beforeAll(async () => {
    site = await startIngestSite(engine);
    web = await startWeb();
    other = await startWeb();
  });
  afterAll(async () => {
    await web.close();
    await other.close();
    await site.stop();
  });
  beforeEach(() => {
    for (const { answers, requests } of [web, other]) {
      answers.clear();
      requests.length = 0;
    }
  });

  const snapshots = (from: string, options: object = {}) =>
    ingestSnapshots(site.database, { from, ...options });
  const single = (from: string, options: object = {}) =>
    ingestFile(site.database, { from, table: 'miner_labels', ...options });
  async function refused(work: () => Promise<unknown>, code: string, ...words: (RegExp | string)[]) {
    const error = await site.refused(work, code, ...words);
    expect(
      `${error.stack} ${JSON.stringify(error)} ${(error.cause as Error | undefined)?.stack}`,
    ).not.toMatch(/LEAK/);
    return error;
  }
  /** Puts a snapshot of a date of its own on the web. */
  async function publish(
    at: string,
    change: (meta: FixtureMeta) => unknown = (meta) => meta,
  ): Promise<string> {
    dates += 1;
    const folder = await site.snapshot({
      date: new Date(Date.UTC(2025, 0, dates)).toISOString().slice(0, 10),
      meta: change,
    });
    for (const name of readdirSync(folder))
      web.files.set(`${at}/${name}`, readFileSync(path.join(folder, name)));
    return `http${web.url}${at}`;
  }
  const cutOff =
    (file: string): Handler =>
    (_, response) => {
      const bytes = web.files.get(file) ?? Buffer.alloc(0);
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    };

  describe('a snapshot', () => {
    it('is taken from its folder, with or without a slash or META.json behind it', async () => {
      const from = await publish('/plain');
      expect(await snapshots(from)).toMatchObject([
        { outcome: 'ingested', rows: { raw_alerts: 6, raw_clusters: 1 } },
      ]);
      const before = await site.state();
      for (const end of ['/', '/META.json'])
        expect(await snapshots(from + end)).toMatchObject([{ outcome: 'unchanged' }]);
      expect(await site.state()).toEqual(before);
      expect(await site.rows('SELECT source FROM ingestions ORDER BY sequence DESC LIMIT 1')).toEqual([
        `('${from}')`,
      ]);
      expect(await snapshots(from, { force: true })).toMatchObject([{ outcome: 'replaced' }]);
    });

    it('is asked for again where the server fails, or the connection breaks', async () => {
      const from = await publish('/flaky');
      const file = '/flaky/raw_features.parquet';
      const rest: Handler = (_, response) => void response.end(web.files.get(file));
      web.answers.set('/flaky/META.json', [
        answersOf(500),
        answersOf(503),
        answersOf(429),
        (_, response) => void response.end(web.files.get('/flaky/META.json')),
      ]);
      web.answers.set(file, [cutOff(file), (_, response) => void response.destroy(), cutOff(file), rest]);
      const retries = site.retries.length;
      expect(await snapshots(from)).toMatchObject([{ outcome: 'ingested', rows: { raw_features: 3 } }]);
      expect(site.retries.length - retries).toBe(6);
    });

    it('is given up where they fail every time', async () => {
      const from = await publish('/dead');
      web.answers.set('/dead/raw_alerts.parquet', [cutOff('/dead/raw_alerts.parquet')]);
      await refused(() => snapshots(from), 'DOWNLOAD_FAILED', `${from}/raw_alerts.parquet`);
      web.answers.set('/dead/raw_alerts.parquet', [answersOf(500)]);
      await refused(() => snapshots(from), 'DOWNLOAD_FAILED', `${from}/raw_alerts.parquet`, /500/);
      const gone = await startWeb();
      await gone.close();
      await refused(() => snapshots(`http${gone.url}/x`), 'DOWNLOAD_FAILED', `http${gone.url}/x/META.json`);
    });

    it('is refused at once where it is not there, or not for us', async () => {
      const from = await publish('/lacking');
      for (const status of [404, 403, 401, 410]) {
        web.requests.length = 0;
        web.answers.set('/lacking/raw_clusters.parquet', [answersOf(status)]);
        await refused(
          () => snapshots(from),
          'DOWNLOAD_FAILED',
          `${from}/raw_clusters.parquet`,
          new RegExp(`${status}`),
        );
        expect(web.requests.filter(({ url }) => url === '/lacking/raw_clusters.parquet')).toHaveLength(1);
      }
      await refused(
        () => snapshots(`http${web.url}/nothing`),
        'DOWNLOAD_FAILED',
        '/nothing/META.json',
        /404/,
      );
    });

    it('is refused when a file is longer than META.json says, and not read to its end', async () => {
      const from = await publish('/long');
      let sent = 0;
      web.answers.set('/long/raw_alerts.parquet', [
        (_, response) => {
          const more = () => {
            while (!response.destroyed && sent < 64 * 1024 ** 2) {
              sent += 65_536;
              if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
            }
            response.end();
          };
          more();
        },
      ]);
      await refused(() => snapshots(from), 'DOWNLOAD_TOO_LARGE', `${from}/raw_alerts.parquet`, /bytes/);
      expect(sent).toBeLessThan(32 * 1024 ** 2);
      // Nor when META.json says that it is endless.
      sent = 0;
      const endless = await publish('/endless', (meta) => {
        for (const file of Object.values(meta.files)) file.bytes = 2 ** 52;
        return meta;
      });
      web.answers.set('/endless/raw_alerts.parquet', web.answers.get('/long/raw_alerts.parquet') ?? []);
      const limits = { maxPlainBytes: 1_000_000 };
      await refused(() => snapshots(endless, { limits }), 'DOWNLOAD_TOO_LARGE', /at most 1000000 bytes/);
      web.answers.set('/long/META.json', [
        (_, response) => void response.end(Buffer.alloc(2 * 1024 ** 2, ' ')),
      ]);
      await refused(() => snapshots(from), 'DOWNLOAD_TOO_LARGE', `${from}/META.json`);
    });

    it('is refused when a file is another one', async () => {
      const from = await publish('/other');
      const file = '/other/raw_alerts.parquet';
      const flipped = Buffer.from(web.files.get(file) ?? '');
      const middle = Math.floor(flipped.length / 2);
      flipped.writeUInt8(flipped.readUInt8(middle) ^ 1, middle);
      web.answers.set(file, [(_, response) => void response.end(flipped)]);
      await refused(
        () => snapshots(from),
        'SNAPSHOT_CHECKSUM_MISMATCH',
        `${from}/raw_alerts.parquet`,
        /md5 [0-9a-f]{32}/,
      );
      web.answers.set(file, [(_, response) => void response.end('short')]);
      await refused(() => snapshots(from), 'SNAPSHOT_CHECKSUM_MISMATCH', `${from}/raw_alerts.parquet`);
    });

    it('is refused for what it holds, by the address of the file', async () => {
      const from = await publish('/meta', (meta) => ({ ...meta, network: 'othernet' }));
      await refused(() => snapshots(from), 'SNAPSHOT_WRONG_NETWORK', from);
      web.files.set('/meta/META.json', Buffer.from('<html>not found</html>'));
      await refused(() => snapshots(from), 'SNAPSHOT_META_INVALID', `${from}/META.json`);
    });

    it('is not begun, or given up, when it was cancelled', async () => {
      const from = await publish('/cancelled');
      await refused(() => snapshots(from, { signal: AbortSignal.abort() }), 'CANCELLED');
      const controller = new AbortController();
      web.answers.set('/cancelled/raw_alerts.parquet', [
        (_, response) => {
          response.writeHead(200, { 'content-length': 1_000_000 });
          response.write('x');
          controller.abort();
        },
      ]);
      await refused(() => snapshots(from, { signal: controller.signal }), 'CANCELLED');
    });
  });

  describe('redirections', () => {
    const to = (location: string): Handler => answersOf(302, { location });

    it('are followed, also to elsewhere, but without user and password', async () => {
      await publish('/target');
      for (const name of [
        'META.json',
        'raw_alerts.parquet',
        'raw_features.parquet',
        'raw_clusters.parquet',
        'raw_money_flows.parquet',
        'raw_address_labels.parquet',
      ]) {
        web.answers.set(`/moved/${name}`, [to(`../same/${name}`)]);
        web.answers.set(`/same/${name}`, [to(`http${other.url}/${name}`)]);
        const content = web.files.get(`/target/${name}`);
        if (content) other.files.set(`/${name}`, content);
      }
      expect(await snapshots(`http://me:LEAK@${web.url.slice(3)}/moved?signature=LEAK`)).toMatchObject([
        { outcome: 'ingested' },
      ]);
      expect(
        web.requests.map(
          ({ headers }) => headers.authorization === `Basic ${Buffer.from('me:LEAK').toString('base64')}`,
        ),
      ).not.toContain(false);
      expect(other.requests).toHaveLength(6);
      expect(JSON.stringify(other.requests.map(({ headers, url }) => [headers, url]))).not.toMatch(
        /authorization|LEAK/i,
      );
    });

    it('that would be unprotected, or go on for ever, are refused without being followed', async () => {
      const from = await publish('/away');
      for (const location of [
        'http://192.0.2.1/x',
        'ftp://127.0.0.1/x',
        'file:///etc/passwd',
        'http://me:LEAK@192.0.2.1/?LEAK',
      ]) {
        web.answers.set('/away/META.json', [to(location)]);
        await refused(() => snapshots(from), 'INVALID_INPUT', /redirection/);
      }
      web.answers.set('/away/META.json', [to('META.json')]);
      await refused(() => snapshots(from), 'DOWNLOAD_FAILED', /redirections/);
      web.answers.set('/away/META.json', [to('http://[LEAK')]);
      await refused(() => snapshots(from), 'DOWNLOAD_FAILED', /redirection/);
    });
  });

  describe('a single file', () => {
    const header = 'network,address,label,data_set,data_set_version,valid_from\n';
    const rows = (set: string) =>
      `${header}simnet,0x1,x,${set},1,2025-01-01\nsimnet,0x2,x,${set},1,2025-01-01\n`;

    it('goes into a table', async () => {
      const content = gzipSync(rows('web'));
      web.files.set('/my%20labels/a.csv.gz', content);
      const from = `http${web.url}/my%20labels/a.csv.gz?signature=LEAK`;
      const first = await single(from);
      expect(first).toMatchObject({ outcome: 'ingested', rows: 2, scopes: ['web, version 1'] });
      expect(
        await site.rows(`SELECT source, file_md5['miner_labels'] FROM ingestions WHERE scope = 'web@1'`),
      ).toEqual([
        `('http${web.url}/my%20labels/a.csv.gz','${createHash('md5').update(content).digest('hex')}')`,
      ]);
      expect(await single(from)).toEqual({ ...first, outcome: 'unchanged' });
      // Somebody who compresses on the way would have us store another file than is there.
      expect(web.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['identity', 'identity']);
      expect(await site.state()).toMatchObject({ temporary: [] });
    });

    it('is refused as a local file would be, by its address', async () => {
      web.files.set('/bomb.csv.gz', gzipSync(Buffer.alloc(3_000_000, 'x')));
      const limits = { maxPlainBytes: 100_000 };
      await refused(() => single(`http${web.url}/bomb.csv.gz`, { limits }), 'FILE_TOO_LARGE');
      web.files.set('/long.csv', Buffer.alloc(200_000, 'x'));
      await refused(() => single(`http${web.url}/long.csv`, { limits }), 'DOWNLOAD_TOO_LARGE', '/long.csv');
      web.files.set('/bad.csv', Buffer.from(rows('bad').replace('2025-01-01\n', 'never\n')));
      await refused(
        () => single(`http${web.url}/bad.csv?LEAK`),
        'SNAPSHOT_COLUMN_TYPE',
        `http${web.url}/bad.csv`,
        /row 1, valid_from = "never"/,
      );
      web.files.set('/x.parquet', Buffer.from('not parquet'));
      await refused(() => single(`http${web.url}/x.parquet`), 'FILE_FORMAT_UNKNOWN', 'x.parquet');
      await refused(
        () => single(`http${web.url}/none.csv`),
        'DOWNLOAD_FAILED',
        `http${web.url}/none.csv`,
        /404/,
      );
      for (const name of ['a.txt', '', '%zz', '..%2f..%2fetc%2fpasswd']) {
        await refused(() => single(`http${web.url}/${name}`), 'FILE_FORMAT_UNKNOWN');
      }
    });

    it('may have a name that means something else to a shell or the engine', async () => {
      const names = ['%zz.csv', 'a*b{c}?x=1.csv', `${'n'.repeat(500)}.csv`, '..%2f..%2fx.csv', '%00.csv'];
      for (const [index, name] of names.entries()) {
        const [pathname = ''] = name.split('?');
        const set = `odd ${index}`;
        web.answers.set(new URL(`/${pathname}`, 'http://x').pathname, [
          (_, response) => void response.end(rows(set)),
        ]);
        const from = `http${web.url}/${name}`;
        if (name.endsWith('?x=1.csv')) await refused(() => single(from), 'FILE_FORMAT_UNKNOWN');
        else expect(await single(from)).toMatchObject({ outcome: 'ingested', rows: 2 });
      }
    });
  });

  it('addresses that are not protected, or none, are refused and not repeated', async () => {
    for (const from of [
      'http://192.0.2.1/LEAK',
      'http://me:LEAK@example.org/x',
      'https://',
      'https://me:LEAK@',
      'http://127.0.0.1.example.org/x',
      'https://[LEAK',
    ]) {
      await refused(() => snapshots(from), 'INVALID_INPUT', /https:/);
      if (from !== 'https://') await refused(() => single(`${from}/a.csv`), 'INVALID_INPUT');
    }
  });

  it('users, passwords and queries are neither shown nor kept', async () => {
    await publish('/private');
    const file = '/private/raw_money_flows.parquet';
    web.answers.set(file, [answersOf(500), cutOff(file), answersOf(404)]);
    const from = `http://me:LEAK%40@${web.url.slice(3)}/private?X-Amz-Signature=LEAK`;
    await refused(() => snapshots(from), 'DOWNLOAD_FAILED', `http${web.url}${file}`);
    web.answers.clear();
    const [outcome] = await snapshots(from);
    expect(outcome?.outcome).toBe('ingested');
    expect(web.requests.map(({ url }) => url?.endsWith('?X-Amz-Signature=LEAK'))).not.toContain(false);
    expect(web.requests.map(({ headers }) => headers.authorization)).not.toContain(undefined);
    expect(JSON.stringify([outcome, site.retries])).not.toMatch(/LEAK/);
    expect((await site.rows('SELECT * FROM ingestions')).join()).not.toMatch(/LEAK/);
  });
});

describe('a process of its own', () => {
  const script = `
    import { readdirSync } from 'node:fs';
    import { ingestSnapshots, initDatabase } from ${JSON.stringify(new URL('../../../dist/index.js', import.meta.url).href)};
    const { database } = await initDatabase({ network: 'simnet', dataDir: process.env.TEST_DATA_DIR, retry: { attempts: 2, firstDelayMs: 1 }, onRetry: () => {} });
    for (const from of process.argv.slice(1)) {
      const told = await ingestSnapshots(database, { from }).then(([{ outcome }]) => outcome, ({ code, message }) => code + ': ' + message);
      console.log(JSON.stringify({ told, left: readdirSync(process.env.TMPDIR) }));
    }
    await database.close();`;
  let site: IngestSite;
  let folder: string;
  let temporaryFolder: string;
  beforeAll(async () => {
    const [engine] = engines;
    if (engine === undefined) throw new Error('no engine');
    site = await startIngestSite(engine);
    folder = await site.snapshot({ date: '2025-05-05' });
    temporaryFolder = path.join(site.folder(), 'temporary');
    mkdirSync(temporaryFolder);
  });
  afterAll(() => site.stop());

  const run = (addresses: readonly string[], env: Record<string, string> = {}) =>
    spawn(process.execPath, ['--input-type=module', '-e', script, ...addresses], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        TMPDIR: temporaryFolder,
        TEST_DATA_DIR: path.join(site.folder(), 'data'),
        ...env,
      },
    });
  async function told(addresses: readonly string[], env: Record<string, string> = {}) {
    let text = '';
    for await (const chunk of run(addresses, env).stdout) text += String(chunk);
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { told: string; left: string[] });
  }
  const put = (web: Web) => {
    for (const name of readdirSync(folder))
      web.files.set(`/snapshot/${name}`, readFileSync(path.join(folder, name)));
  };

  it('trusts the certificates that Node is told of, and no others', { timeout: 60_000 }, async ({ skip }) => {
    const at = site.folder();
    const [key, cert] = [path.join(at, 'key.pem'), path.join(at, 'cert.pem')];
    try {
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-keyout',
          key,
          '-out',
          cert,
          ...subject,
        ],
        { stdio: 'ignore' },
      );
    } catch {
      skip('openssl makes the certificate');
    }
    const web = await startWeb(
      (handler) =>
        createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, handler) as unknown as Server,
    );
    const plain = await startWeb();
    try {
      put(web);
      put(plain);
      web.answers.set('/down/META.json', [
        answersOf(302, { location: `http${plain.url}/snapshot/META.json` }),
      ]);
      const addresses = [`https${web.url}/snapshot`, `https${web.url}/down`];
      const [trusted, down] = await told(addresses, { NODE_EXTRA_CA_CERTS: cert });
      expect(trusted).toEqual({ told: 'ingested', left: [] });
      // Allowed as an address of this machine's own, but not as where a protected one leads.
      expect(down?.told).toMatch(/^INVALID_INPUT: .*redirection/);
      expect(plain.requests).toEqual([]);
      const [untrusted] = await told(addresses.slice(0, 1));
      expect(untrusted).toEqual({ told: expect.stringMatching(/^DOWNLOAD_FAILED: .*certificate/), left: [] });
    } finally {
      await web.close();
      await plain.close();
    }
  });

  it('that is killed leaves a download behind, which the next one removes', { timeout: 60_000 }, async () => {
    const web = await startWeb();
    try {
      put(web);
      const asked = new Promise<void>((resolve) => {
        web.answers.set('/snapshot/raw_clusters.parquet', [() => resolve()]);
      });
      const child = run([`http${web.url}/snapshot`]);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await asked;
      child.kill('SIGKILL');
      await ended;
      const [left = ''] = readdirSync(temporaryFolder);
      expect(existsSync(path.join(temporaryFolder, left, 'raw_alerts.parquet'))).toBe(true);
      web.answers.clear();
      expect(await told([`http${web.url}/snapshot`])).toEqual([{ told: 'ingested', left: [] }]);
    } finally {
      await web.close();
    }
  });
});
