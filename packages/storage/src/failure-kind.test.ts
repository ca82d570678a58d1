import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { createClient, parseError } from '@clickhouse/client';
import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { HttpStatusError, InterruptedResultError, UnreadableAnswerError } from './engine/transport-errors.ts';
import { failureKind } from './retry.ts';

/** An exception as servers write it and the client reads it. */
function exception(code: number, type: string, text = 'something'): Error {
  return parseError(`Code: ${code}. DB::Exception: ${text}. (${type}) (version 26.7.2.1 (official build))`);
}

/** What the client says of a server that treats its connections like this. */
async function clientError(treat: (socket: Socket) => void, requestTimeout = 5000): Promise<unknown> {
  const server = createServer(treat);
  await listening(server);
  const client = clientOf(server, requestTimeout);
  try {
    const { stream } = await client.exec({ query: 'SELECT 1' });
    for await (const _ of stream);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await client.close();
    server.close();
  }
}

async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

function clientOf(server: Server, requestTimeout = 5000) {
  const { port } = server.address() as AddressInfo;
  return createClient({
    url: `http://127.0.0.1:${port}`,
    request_timeout: requestTimeout,
    log: { level: 127 },
  });
}

async function refusedError(): Promise<unknown> {
  const server = createServer();
  await listening(server);
  const client = clientOf(server);
  server.close();
  await once(server, 'close');
  return client.command({ query: 'SELECT 1' }).catch((error: unknown) => error);
}

describe('failureKind', () => {
  it.each([
    ['a server that is full', exception(202, 'TOO_MANY_SIMULTANEOUS_QUERIES'), 'refused'],
    ['503', new HttpStatusError(503, '<h1>503 Service Unavailable</h1>'), 'refused'],
    ['429', new HttpStatusError(429, 'slow down'), 'refused'],
    ['502: the server may have had it', new HttpStatusError(502, ''), 'lost'],
    ['504', new HttpStatusError(504, ''), 'lost'],
    ['a result that stops', new InterruptedResultError(), 'lost'],
    [
      'a broken compression',
      Object.assign(new Error('unexpected end of file'), { code: 'Z_BUF_ERROR' }),
      'lost',
    ],
    ['a replica that lost its keeper', exception(999, 'KEEPER_EXCEPTION'), 'lost'],
    ['a replica that only reads for now', exception(242, 'TABLE_IS_READ_ONLY'), 'lost'],
    ['an insert of unknown fate', exception(319, 'UNKNOWN_STATUS_OF_INSERT'), 'lost'],
    ['merges that lag behind', exception(252, 'TOO_MANY_PARTS'), 'lost'],
    ['an unknown table', exception(60, 'UNKNOWN_TABLE'), 'final'],
    ['wrong SQL', exception(62, 'SYNTAX_ERROR'), 'final'],
    ['a wrong password', exception(516, 'AUTHENTICATION_FAILED'), 'final'],
    ['no memory: as little the next time', exception(241, 'MEMORY_LIMIT_EXCEEDED'), 'final'],
    ['a failing function', exception(395, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', 'HTTP 503'), 'final'],
    ['401', new HttpStatusError(401, ''), 'final'],
    ['404', new HttpStatusError(404, 'Service Unavailable'), 'final'],
    ['500', new HttpStatusError(500, ''), 'final'],
    ['a page that is no answer', new UnreadableAnswerError('no rows'), 'final'],
    [
      'an error of the product',
      new InvalidInputError({ what: 'x', expected: 'y', found: 'z', remedy: 'w' }),
      'final',
    ],
    ['a mistake in the program', new TypeError('x is not a function'), 'final'],
    ['no error at all', 'ECONNRESET', 'final'],
  ] as const)('%s', (_, error, kind) => {
    expect(failureKind(error)).toBe(kind);
  });

  it('a port where nobody listens: refused', async () => {
    expect(failureKind(await refusedError())).toBe('refused');
  });

  it.each([
    ['breaks off before an answer', (socket: Socket) => socket.once('data', () => socket.destroy()), 5000],
    ['resets the connection', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy()), 5000],
    ['never answers', (socket: Socket) => socket.resume(), 100],
    [
      'breaks off within the answer',
      (socket: Socket) =>
        socket.once('data', () => {
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
        }),
      5000,
    ],
    [
      'stops within the answer',
      (socket: Socket) =>
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
        }),
      100,
    ],
  ] as const)('a server that %s: lost', async (_, treat, timeout) => {
    expect(failureKind(await clientError(treat, timeout))).toBe('lost');
  });

  it('a server that does not speak HTTP: final', async () => {
    const error = await clientError((socket) => void socket.end('220 smtp.example ready\r\n'));
    expect(error).toBeInstanceOf(Error);
    expect(failureKind(error)).toBe('final');
  });
});
