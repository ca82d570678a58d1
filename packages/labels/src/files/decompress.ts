import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RiskScoringError } from '@risk-scoring/contract';
import { Decompress } from 'fzstd';
import { LabelFileError } from '../errors.ts';
import type { Tally } from './file-bytes.ts';
import type { LabelFileKind } from './file-name.ts';

/** A few bytes of zstd can stand for very many, so they are handed over in small portions. */
const ZSTD_PORTION_BYTES = 8 * 1024;

/** The window up to which `zstd -d` decompresses unasked, too. */
const MOST_WINDOW_BYTES = 128 * 1024 * 1024;

/** How {@link decompress} works. */
export interface DecompressOptions {
  readonly file: string;
  readonly compression: LabelFileKind['compression'];
  /** More decompressed bytes than these are refused. */
  readonly maxBytes: number;
  /** What was read of the file, to notice bytes that are no part of the compressed data. */
  readonly tally: Tally;
}

/**
 * The bytes of a file without its compression.
 *
 * @throws {LabelFileError} for bytes that are not of this compression, are cut off, or are more than `maxBytes`
 */
export async function* decompress(
  chunks: AsyncGenerator<Uint8Array>,
  { file, compression, maxBytes, tally }: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of decompressors[compression](chunks)) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(file, maxBytes);
      yield chunk;
    }
  } catch (error) {
    if (RiskScoringError.isInstance(error)) throw error;
    const { message } = error as Error;
    throw damaged(
      file,
      compression,
      /unexpected (end|eof)/i.test(message) ? 'data that is cut off' : message,
      error,
    );
  }
  if (compression !== 'none' && tally.bytes !== tally.size)
    throw damaged(file, compression, 'bytes after the end of the compressed data');
}

/** The error for a file that holds more than it may. */
export function tooLarge(file: string, maxBytes: number): LabelFileError {
  return new LabelFileError({
    file,
    expected: `at most ${maxBytes.toLocaleString('en-US')} bytes without compression`,
    found: 'more',
    remedy: 'split the file, or allow more with maxBytes',
  });
}

function damaged(file: string, compression: string, found: string, cause?: unknown): LabelFileError {
  return new LabelFileError({
    file,
    expected:
      compression === 'none' ? 'a file that can be read' : `a whole file compressed with ${compression}`,
    found,
    remedy: 'write or fetch the file again, or rename it if it is not compressed',
    cause,
  });
}

const decompressors: Record<
  LabelFileKind['compression'],
  (chunks: AsyncGenerator<Uint8Array>) => AsyncIterable<Uint8Array>
> = {
  none: (chunks) => chunks,
  gzip: gunzip,
  zstd: unzstd,
};

async function* gunzip(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks, { objectMode: true });
  const stream = createGunzip({ chunkSize: 256 * 1024 });
  source.once('error', (error) => stream.destroy(error));
  source.pipe(stream);
  try {
    yield* stream;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

async function* unzstd(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let out: Uint8Array[] = [];
  const stream = new Decompress((chunk) => out.push(chunk));
  let first = true;
  for await (const chunk of chunks) {
    if (first) checkWindow(chunk);
    first = false;
    for (let from = 0; from < chunk.length; from += ZSTD_PORTION_BYTES) {
      stream.push(chunk.subarray(from, from + ZSTD_PORTION_BYTES));
      yield* out;
      out = [];
    }
  }
  if (first) throw new Error('unexpected end: no bytes');
  stream.push(new Uint8Array(0), true);
  yield* out;
}

/** Refuses a frame for which very much memory would be needed (RFC 8878, section 3.1.1.1.2). */
function checkWindow(chunk: Uint8Array): void {
  const [descriptor, window] = [chunk[4] ?? 0, chunk[5] ?? 0];
  const isSkippable = chunk[0] !== 0x28;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  if (isSkippable || isSingleSegment) return;
  const base = 2 ** (10 + (window >> 3));
  const bytes = base + (base / 8) * (window & 7);
  if (bytes > MOST_WINDOW_BYTES)
    throw new Error(`a zstd window of ${bytes} bytes; at most ${MOST_WINDOW_BYTES} are read`);
}
