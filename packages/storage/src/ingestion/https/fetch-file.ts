import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import type { Database } from '../../database.ts';
import { isLoopback } from '../../engine/server-options.ts';
import { HttpStatusError } from '../../engine/transport-errors.ts';
import { SnapshotError } from '../../errors.ts';
import { failureKind, withRetries } from '../../retry.ts';

/**
 * An address to download from, without what must not be shown or kept: user, password, and the query, which signs addresses.
 *
 * @example
 * shownUrl(new URL('https://me:secret@example.org/a?sig=1')); // 'https://example.org/a'
 */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/**
 * Reads an address that files may be fetched from.
 *
 * @throws {InvalidInputError} when it is none, or would be fetched unprotected over a network
 */
export function downloadUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused('a text that is no URL');
  }
  if (!isProtected(url)) throw refused(`${url.protocol}// to another machine`);
  return url;
}

/**
 * Fetches an address into a file, hashing it on the way; begins again when the connection breaks.
 *
 * @param maxBytes at most so many; more is an error
 * @returns md5 and length of what was written
 * @throws {SnapshotError} when it cannot be had, or is too long
 */
export async function fetchFile(
  database: Database,
  url: URL,
  options: { readonly to: string; readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<{ md5: string; bytes: number }> {
  const { to, maxBytes, signal } = options;
  try {
    return await withRetries(() => fetchOnce(url, { to, maxBytes, signal }), {
      doing: `fetching ${shownUrl(url)}`,
      policy: database.retryPolicy,
      onRetry: (event) => database.reportRetry(event),
      signal,
      shouldRepeat: (error) => failureKind(error) !== 'final' || isServerError(error),
    });
  } catch (error) {
    if (!(error instanceof Error) || RiskScoringError.isInstance(error)) throw error;
    throw new SnapshotError({
      code: 'DOWNLOAD_FAILED',
      summary: `${shownUrl(url)} cannot be fetched.`,
      expected: 'a file that the server hands out',
      found: error.message,
      cause: error,
      remedy: 'check the address (a snapshot is a folder with a META.json) and try again',
    });
  }
}

async function fetchOnce(
  url: URL,
  { to, maxBytes, signal }: { to: string; maxBytes: number; signal: AbortSignal | undefined },
): Promise<{ md5: string; bytes: number }> {
  const response = await request(url, signal);
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new HttpStatusError(response.status, response.statusText);
  }
  const hash = createHash('md5');
  let bytes = 0;
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  await pipeline(
    body,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLong(url, maxBytes);
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(to),
  ).catch(networkError);
  const promised = Number(response.headers.get('content-length') ?? bytes);
  if (response.headers.get('content-encoding') === null && promised !== bytes) {
    throw Object.assign(new Error(`${bytes} of ${promised} bytes arrived`), { code: 'ECONNRESET' });
  }
  return { md5: hash.digest('hex'), bytes };
}

/**
 * Asks for an address and follows where it leads, looking at every step before it is taken: fetch by itself would send what signs an
 * address over an unprotected connection and only then be heard of.
 */
async function request(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  let { target, headers } = withoutCredentials(url);
  for (let hop = 0; hop <= MAX_REDIRECTIONS; hop++) {
    const response = await fetch(target, {
      // The bytes as they are stored: they have an md5, and a file may itself be compressed.
      headers: { ...headers, 'accept-encoding': 'identity' },
      redirect: 'manual',
      ...(signal ? { signal } : {}),
    }).catch(networkError);
    const next = redirection(response, target);
    if (next === undefined) return response;
    await response.body?.cancel();
    if (next.origin !== target.origin) headers = {};
    target = next;
  }
  throw new Error(`more than ${MAX_REDIRECTIONS} redirections`);
}

const MAX_REDIRECTIONS = 10;

/** Where an answer sends us on to; undefined where it is the answer itself. */
function redirection(response: Response, from: URL): URL | undefined {
  const location = response.headers.get('location');
  if (location === null || ![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  let next: URL;
  try {
    next = new URL(location, from);
  } catch {
    throw new Error('a redirection to something that is no address');
  }
  next.username = '';
  next.password = '';
  // What was protected stays so, and another machine must not have us read what this one serves to itself.
  const isAllowed =
    next.protocol === 'https:'
      ? !isLoopback(next) || isLoopback(from)
      : from.protocol === 'http:' && isProtected(next);
  if (!isAllowed) {
    throw refused(
      `a redirection to ${next.protocol}//${isLoopback(next) ? ' of this machine' : ' on another machine'}`,
    );
  }
  return next;
}

/** fetch refuses addresses with a user in them; it goes into a header. */
function withoutCredentials(url: URL): { target: URL; headers: Record<string, string> } {
  if (url.username === '' && url.password === '') return { target: url, headers: {} };
  const target = new URL(url);
  target.username = '';
  target.password = '';
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { target, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

/** fetch hides what happened in the cause of a TypeError. */
function networkError(error: unknown): never {
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  if (cause instanceof Error) {
    const code = cause.code ?? '';
    throw Object.assign(new Error(cause.message || code || 'the connection broke'), {
      code: code.startsWith('UND_ERR') ? 'ECONNRESET' : code,
    });
  }
  throw error;
}

function isServerError(error: unknown): boolean {
  return error instanceof HttpStatusError && error.status >= 500;
}

function isProtected(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

function refused(found: string): InvalidInputError {
  return new InvalidInputError({
    what: 'The address to ingest from',
    expected: 'https://… (http:// only of this machine)',
    found,
    remedy: 'use the https address, or fetch the files to a folder first',
  });
}

function tooLong(url: URL, maxBytes: number): SnapshotError {
  return new SnapshotError({
    code: 'DOWNLOAD_TOO_LARGE',
    summary: `${shownUrl(url)} is longer than it may be.`,
    expected: `at most ${maxBytes} bytes`,
    found: 'more',
    remedy: 'check the address; META.json says how long a file is, --max-file-size limits others',
  });
}
