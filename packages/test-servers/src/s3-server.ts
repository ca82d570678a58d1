import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Error } from './s3-error.ts';
import { listObjects } from './s3-listing.ts';
import { S3Folder } from './s3-objects.ts';
import { errorReply, objectReply, type S3Reply, sendReply, xmlReply } from './s3-reply.ts';
import { type S3Credentials, verifySignature } from './s3-signature.ts';
import { decodePercent, parseQuery, splitTarget } from './s3-uri.ts';

/** What to serve, to whom, and what to do wrong. */
export interface S3ServerOptions {
  /** One sub-folder per bucket. Symbolic links in it are neither listed nor served. */
  readonly folder: string;
  /** Who may read. Without them everybody may, and signatures are not looked at. */
  readonly credentials?: S3Credentials;
  /** Keys whose ETag is `"<md5>-2"`, as after an upload in two parts, instead of `"<md5>"`. */
  readonly multipartEtags?: RegExp;
  readonly faults?: S3Faults;
  /** Which requests meet a fault: the n-th request fares alike with the same seed. */
  readonly seed?: number;
  /** 0, the default: any free one. */
  readonly port?: number;
}

/** Faults to order. */
export interface S3Faults {
  /** Share of requests, 0 to 1, answered with 503 SlowDown. */
  readonly unavailable?: number;
  /** Keys of which nothing after the middle is ever sent: the connection breaks there, however often one asks again. */
  readonly truncate?: RegExp;
}

/** One request that was answered, its path and query as they came. */
export interface S3Request {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** A running server. */
export interface S3Server {
  /** `http://127.0.0.1:{port}`; an object is at `{endpoint}/{bucket}/{key}`. */
  readonly endpoint: string;
  /** What was asked so far, in the order of the answers. */
  readonly requests: readonly S3Request[];
  /** Ends all connections, also those in use. */
  close(): Promise<void>;
}

/**
 * Serves a folder as S3, read-only, on the loopback interface: HEAD and GET of objects with `Range`, HEAD of buckets,
 * and ListObjectsV2, all path-style. Everything else is `MethodNotAllowed` or `NotImplemented`.
 *
 * @throws {Error} when the folder is none, a fault share is not within 0 to 1, or the port is taken
 *
 * @example
 * const s3 = await startS3Server({ folder: '/tmp/buckets', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
 * await client.query({ query: `SELECT count() FROM s3('${s3.endpoint}/bucket/x.parquet', 'a', 'b', 'Parquet')` });
 * await s3.close();
 */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  const share = options.faults?.unavailable ?? 0;
  if (!(share >= 0 && share <= 1))
    throw new Error(`faults.unavailable is ${share}: give a share from 0 to 1.`);
  const folder = new S3Folder(options.folder, options.multipartEtags);
  const requests: S3Request[] = [];
  let arrived = 0;

  const server = createServer((request, response) => {
    const { method = '', url: path = '' } = request;
    const unlucky = draw(options.seed ?? 0, arrived++) < share;
    reply(request, { folder, options, unlucky })
      .catch(errorReply)
      .then((answer) => {
        requests.push({ method, path, status: answer.status });
        return sendReply(response, answer, method);
      })
      // The connection broke, by order or by the client's will: there is nobody left to tell.
      .catch(() => response.destroy());
  });
  await listen(server, options.port ?? 0);
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => close(server),
  };
}

interface Site {
  readonly folder: S3Folder;
  readonly options: S3ServerOptions;
  /** Whether this request is to meet a 503. */
  readonly unlucky: boolean;
}

async function reply(request: IncomingMessage, { folder, options, unlucky }: Site): Promise<S3Reply> {
  const { method = '', url: target = '' } = request;
  if (unlucky) throw new S3Error('SlowDown');
  if (options.credentials !== undefined) {
    verifySignature({ method, target, headers: request.headersDistinct }, options.credentials);
  }
  if (method !== 'GET' && method !== 'HEAD') throw new S3Error('MethodNotAllowed', { Method: method });

  const [path, query] = splitTarget(target);
  const [, bucketPart = '', ...keyParts] = path.split('/');
  const bucket = decodePercent(bucketPart);
  const key = decodePercent(keyParts.join('/'));
  if (bucket === '') throw new S3Error('NotImplemented', { Header: 'ListBuckets' });
  if (key !== '') {
    const truncate = options.faults?.truncate;
    // Not test(): a pattern with the g flag would remember where it stopped.
    const truncated = truncate !== undefined && key.search(truncate) >= 0;
    return objectReply(await folder.object(bucket, key), request.headers.range, truncated);
  }
  await folder.checkBucket(bucket);
  if (method === 'HEAD') return xmlReply('');
  const parameters = new Map(parseQuery(query));
  if (parameters.get('list-type') === '2') return xmlReply(await listObjects(folder, bucket, parameters));
  throw new S3Error('NotImplemented', { Header: `GET of a bucket with '${query}'` });
}

/** A number from 0 up to 1 for the n-th request, the same for the same seed. */
function draw(seed: number, n: number): number {
  return createHash('sha256').update(`${seed} ${n}`).digest().readUIntBE(0, 6) / 2 ** 48;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
