import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseError } from '@clickhouse/client';
import { InvalidInputError, type RiskScoringError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { Database, mayHaveRun } from './database.ts';
import { typedError } from './database-errors.ts';
import { openServerEngine } from './engine/server-engine.ts';
import { HttpStatusError, InterruptedResultError } from './engine/transport-errors.ts';
import type { RetryEvent } from './retry.ts';

const context = { doing: 'reading', database: 'risk_scoring_x', location: 'http://server:8123', secrets: [] };

function exception(type: string, text = 'something'): Error {
  return parseError(`Code: 1. DB::Exception: ${text}. (${type}) (version 26.7.2.1 (official build))`);
}

function network(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

describe('typedError', () => {
  it.each([
    [exception('UNKNOWN_TABLE'), 'MISSING_TABLE', 'data'],
    [exception('UNKNOWN_DATABASE'), 'MISSING_TABLE', 'data'],
    [exception('UNKNOWN_IDENTIFIER'), 'MISSING_COLUMN', 'data'],
    [exception('AUTHENTICATION_FAILED'), 'SERVER_AUTHENTICATION_FAILED', 'environment'],
    [exception('ACCESS_DENIED'), 'SERVER_ACCESS_DENIED', 'environment'],
    [exception('SYNTAX_ERROR'), 'DATABASE_ERROR', 'environment'],
    [new HttpStatusError(401, ''), 'SERVER_AUTHENTICATION_FAILED', 'environment'],
    [new HttpStatusError(503, 'busy'), 'SERVER_HTTP_ERROR', 'environment'],
    [new HttpStatusError(502, ''), 'SERVER_HTTP_ERROR', 'environment'],
    [network('HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/'), 'SERVER_HTTP_ERROR', 'environment'],
    [network('ENOTFOUND', 'getaddrinfo ENOTFOUND server'), 'SERVER_UNREACHABLE', 'environment'],
    [network('ECONNREFUSED'), 'SERVER_UNREACHABLE', 'environment'],
    [new InterruptedResultError(), 'SERVER_UNREACHABLE', 'environment'],
    [network('SELF_SIGNED_CERT_IN_CHAIN'), 'SERVER_TLS_FAILED', 'environment'],
    [network('CERT_HAS_EXPIRED'), 'SERVER_TLS_FAILED', 'environment'],
    [new DOMException('This operation was aborted', 'AbortError'), 'DATABASE_ERROR', 'environment'],
    ['no error at all', 'DATABASE_ERROR', 'environment'],
  ])('%s: %s', (cause, code, category) => {
    const error = typedError(cause, context) as RiskScoringError;
    expect(error).toMatchObject({ code, category });
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('leaves typed errors as they are', () => {
    const error = new InvalidInputError({ what: 'x', expected: 'y', found: 'z', remedy: 'w' });
    expect(typedError(error, context)).toBe(error);
  });

  it('repeats no secret, and still knows what failed', () => {
    const secrets = ['AKIA-SECRET', ''];
    const failures = [
      exception('SYNTAX_ERROR', "at: s3('x', 'AKIA-SECRET')"),
      new HttpStatusError(502, 'of SELECT * FROM s3(AKIA-SECRET)'),
      Object.assign(new InterruptedResultError(), { cause: new Error('AKIA-SECRET') }),
      network('ECONNRESET', 'read ECONNRESET AKIA-SECRET'),
    ];
    for (const failure of failures) {
      const error = typedError(failure, { ...context, secrets }) as RiskScoringError;
      const plain = typedError(failure, context) as RiskScoringError;
      expect(error.code).toBe(plain.code);
      expect(mayHaveRun(error)).toBe(mayHaveRun(plain));
      for (let at: Error | undefined = error; at; at = at.cause as Error | undefined) {
        expect(`${at.message} ${at.stack} ${JSON.stringify(at)}`).not.toContain('AKIA-SECRET');
      }
    }
  });
});

describe('a database', () => {
  async function withServer<T>(answer: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it('keeps secrets out of what it tells of attempts', async () => {
    const events: RetryEvent[] = [];
    const answer: RequestListener = (request, response) => {
      request.resume();
      response.writeHead(503).end('busy with SELECT AKIA-SECRET');
    };
    await withServer(answer, async (url) => {
      const database = new Database({
        network: 'x',
        name: 'x',
        engine: openServerEngine({ url }),
        retry: { attempts: 3, firstDelayMs: 1, longestDelayMs: 1 },
        onRetry: (event) => events.push(event),
      });
      const reading = database.query({ sql: 'SELECT 1', doing: 'reading', secrets: ['AKIA-SECRET'] });
      await expect(reading).rejects.toThrow(/HTTP 503: busy with SELECT \[hidden\]/);
      await database.close();
    });
    expect(events.map(({ reason }) => reason)).toEqual(Array(2).fill('HTTP 503: busy with SELECT [hidden]'));
  });

  it('tells of attempts on stderr when nobody asks to be told', async () => {
    const lines: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = (line: string | Uint8Array) => lines.push(`${line}`) > 0;
    try {
      await withServer(
        (request, response) => void response.writeHead(429).end(void request.resume()),
        async (url) => {
          const retry = { attempts: 2, firstDelayMs: 1, longestDelayMs: 1 };
          const database = new Database({
            network: 'x',
            name: 'x',
            engine: openServerEngine({ url }),
            retry,
          });
          await database.query({ sql: 'SELECT 1', doing: 'reading' }).catch(() => undefined);
          await database.close();
        },
      );
    } finally {
      process.stderr.write = write;
    }
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { level: 'warn', msg: 'trying again', doing: 'reading', attempt: 1, attempts: 2, reason: 'HTTP 429' },
    ]);
  });
});
