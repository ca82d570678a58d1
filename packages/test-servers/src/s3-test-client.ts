import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type S3Server, type S3ServerOptions, startS3Server } from './s3-server.ts';

/** A folder of buckets for one test file, and servers of it. */
export interface S3Fixture {
  /** Holds the folder of buckets, `buckets`. */
  readonly scratch: string;
  readonly folder: string;
  /** Writes a file at `bucket/key`. */
  put(place: string, content: string | Uint8Array): void;
  start(options?: Partial<S3ServerOptions>): Promise<S3Server>;
  /** Ends the servers. */
  stop(): Promise<void>;
  /** Ends the servers and deletes the folder. */
  remove(): Promise<void>;
}

/** A new fixture with no bucket yet. */
export function s3Fixture(): S3Fixture {
  const scratch = mkdtempSync(path.join(tmpdir(), 's3-test-'));
  const folder = path.join(scratch, 'buckets');
  mkdirSync(folder);
  const running: S3Server[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  };
  return {
    scratch,
    folder,
    put: (place, content) => {
      const file = path.join(folder, place);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    },
    start: async (options = {}) => {
      const server = await startS3Server({ folder, ...options });
      running.push(server);
      return server;
    },
    stop,
    remove: async () => {
      await stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The connection broke before the promised end. */
  readonly broken?: true;
}

/** Sends the target as it is: fetch would resolve `..` before sending. */
export function get(s3: S3Server, target: string, headers = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(s3.endpoint);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, path: target, headers, method, agent: false },
      (response) => {
        let body = '';
        const status = response.statusCode ?? 0;
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () => resolve({ status, body }));
        response.on('error', () => resolve({ status, body, broken: true }));
      },
    );
    request.on('error', reject);
    request.end();
  });
}

/** The code of an error document. */
export function code(xml: string): string | undefined {
  return /^<\?xml [^>]*>\n<Error><Code>(\w+)<\/Code>/.exec(xml)?.[1];
}

/** The parts of a listing that tests look at. */
export interface Listing {
  readonly xml: string;
  readonly keys: string[];
  readonly prefixes: string[];
  readonly next: string | undefined;
}

/** ListObjectsV2. */
export async function list(s3: S3Server, query: string, bucket = 'bucket'): Promise<Listing> {
  const xml = await (await fetch(`${s3.endpoint}/${bucket}?list-type=2&${query}`)).text();
  return {
    xml,
    keys: [...xml.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key = '']) => key),
    prefixes: [...xml.matchAll(/<CommonPrefixes><Prefix>(.*?)<\/Prefix>/g)].map(([, prefix = '']) => prefix),
    next: /<NextContinuationToken>(.*?)</.exec(xml)?.[1],
  };
}

/** In hexadecimal. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
