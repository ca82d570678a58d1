import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { S3Error } from './s3-error.ts';
import type { S3Object } from './s3-objects.ts';
import { parseRange } from './s3-range.ts';

/** An answer before it is sent. */
export interface S3Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | FileBytes;
}

/** Bytes `start` up to but not including `end` of a file, after which the connection may break. */
interface FileBytes {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly breaks: boolean;
}

/**
 * An object, or the part of it that a `Range` header asks for. When it is `truncated`, nothing from its middle on is
 * sent, though the headers promise it.
 *
 * @throws {S3Error} `InvalidRange`
 */
export function objectReply(object: S3Object, range: string | undefined, truncated: boolean): S3Reply {
  const asked = parseRange(range, object.size);
  const { start, end } = asked ?? { start: 0, end: object.size };
  const available = truncated ? Math.max(start, Math.min(end, Math.floor(object.size / 2))) : end;
  return {
    status: asked === undefined ? 200 : 206,
    headers: {
      'accept-ranges': 'bytes',
      'content-length': end - start,
      'content-type': 'application/octet-stream',
      etag: object.etag,
      'last-modified': object.modified.toUTCString(),
      ...(asked && { 'content-range': `bytes ${start}-${end - 1}/${object.size}` }),
    },
    body: { file: object.file, start, end: available, breaks: available < end },
  };
}

/** An XML document, or nothing. */
export function xmlReply(xml: string, status = 200): S3Reply {
  const headers = { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(xml) };
  return { status, headers, body: xml };
}

/** A refusal; what is none of S3's becomes `InternalError`. */
export function errorReply(error: unknown): S3Reply {
  const refusal = error instanceof S3Error ? error : new S3Error('InternalError', { Cause: String(error) });
  return xmlReply(refusal.toXml(), refusal.status);
}

/**
 * Sends a reply; to HEAD, its headers alone.
 *
 * @throws {Error} when the client left or the file changed under way
 */
export async function sendReply(
  response: ServerResponse,
  { status, headers, body }: S3Reply,
  method: string,
): Promise<void> {
  response.writeHead(status, headers);
  if (method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  else await sendBytes(response, body);
}

async function sendBytes(response: ServerResponse, { file, start, end, breaks }: FileBytes): Promise<void> {
  response.flushHeaders();
  if (end > start) await pipeline(createReadStream(file, { start, end: end - 1 }), response, { end: false });
  // Ending the socket below the response lets the bytes before the break arrive.
  if (breaks) response.socket?.end();
  else response.end();
}
