import type { IncomingMessage } from 'node:http';
import { PassThrough, pipeline, Readable, type Transform } from 'node:stream';
import zlib from 'node:zlib';
import { ClickHouseException } from './exception.ts';

/**
 * The body of a request, decompressed, to be read once and at the reader's speed. It fails when the client goes
 * away before its end.
 *
 * @param onBytes is told the size of each piece as it came, still compressed
 * @throws {ClickHouseException} when this Node cannot decompress it
 */
export function requestBody(request: IncomingMessage, onBytes: (bytes: number) => void): Readable {
  const raw = Readable.from(counted(request, onBytes), { objectMode: false });
  const body = decompressor(request.headers['content-encoding']);
  // The error reaches whoever reads the body.
  pipeline(raw, body, () => undefined);
  return body;
}

/** All of a body that is not large: a statement, or a form of parameters. */
export async function readAll(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of body) pieces.push(piece as Buffer);
  } catch (error) {
    throw bodyError(error);
  }
  return Buffer.concat(pieces);
}

/** What a server says to a body that cannot be read; an error of the connection stays one. */
export function bodyError(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (!/^(?:Z_|ERR_)/.test(code ?? '') || code?.startsWith('ERR_STREAM')) return error;
  return new ClickHouseException({
    code: 354,
    type: 'ZLIB_INFLATE_FAILED',
    text: `inflate failed: ${(error as Error).message}`,
    cause: error,
  });
}

async function* counted(request: IncomingMessage, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of request) {
    onBytes((piece as Buffer).length);
    yield piece as Buffer;
  }
}

function decompressor(encoding: string | undefined): Transform {
  switch (encoding) {
    case undefined:
    case '':
    case 'identity':
      return new PassThrough();
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip();
    case 'deflate':
      return zlib.createInflate();
    case 'br':
      return zlib.createBrotliDecompress();
    default:
      throw new ClickHouseException({
        code: 48,
        type: 'NOT_IMPLEMENTED',
        text: `Unknown compression method '${encoding}'.`,
      });
  }
}
