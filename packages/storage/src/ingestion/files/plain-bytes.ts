import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import { diskBytes, type ReadOptions } from './disk-bytes.ts';
import { corrupt, messageOf, tooLarge, truncated } from './errors.ts';
import type { Compression } from './file-format.ts';
import { ZstdFormatError, ZstdFrames } from './zstd-frames.ts';

/** A file, and what is wrapped around it. */
export interface CompressedFile {
  readonly path: string;
  readonly compression: Compression;
}

/** Options of {@link plainBytes}. */
export interface PlainOptions extends ReadOptions {
  /** How many decompressed bytes are taken; an uncompressed file has no limit. */
  readonly maxPlainBytes?: number;
}

// Decompressing zstd never waits for anything, so it stops this often to let others run: an abort has to be heard.
const BREATH = 8 * 1024 * 1024;

/**
 * The content of a file, decompressed piece by piece.
 *
 * @throws {FileError} FILE_TRUNCATED, FILE_UNREADABLE (damaged, or no permission), FILE_TOO_LARGE, FILE_NOT_REGULAR
 * @throws {CancelledError} when the signal aborts
 */
export async function* plainBytes(
  file: CompressedFile,
  options: PlainOptions = {},
): AsyncGenerator<Uint8Array> {
  const disk = diskBytes(file.path, options);
  if (file.compression === 'none') {
    yield* disk;
    return;
  }
  const { maxPlainBytes = Number.POSITIVE_INFINITY } = options;
  const refuseAbove = (bytes: number, found: string) => {
    if (bytes > maxPlainBytes) throw tooLarge(file.path, found, maxPlainBytes);
  };
  let total = 0;
  const decompressed =
    file.compression === 'gzip'
      ? gunzip(file.path, disk)
      : unzstd(file.path, disk, {
          signal: options.signal,
          announce: (bytes) => refuseAbove(total + bytes, `${total + bytes} bytes, as its header says`),
        });
  for await (const chunk of decompressed) {
    total += chunk.length;
    refuseAbove(total, 'more than that');
    yield chunk;
  }
}

const BYTES_AFTER_END = 'other bytes after the end of the compressed data';

async function* gunzip(path: string, disk: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflater = createGunzip({ chunkSize: 256 * 1024 });
  let fed = 0;
  const counted = async function* () {
    for await (const chunk of disk) {
      fed += chunk.length;
      yield chunk;
    }
  };
  const done = pipeline(Readable.from(counted(), { objectMode: false, highWaterMark: 1 }), inflater);
  // The failure is thrown below; without a handler here it would end the process when the reader stops early.
  done.catch(() => {});
  try {
    yield* inflater as AsyncIterable<Uint8Array>;
    await done;
    // Zeros after the end, which gzip pads with and Node passes over, may as well be what a broken disk left of the
    // rest.
    if (inflater.bytesWritten < fed) throw corrupt(path, BYTES_AFTER_END);
  } catch (error) {
    throw gzipError(path, error);
  } finally {
    await done.catch(() => {});
  }
}

function gzipError(path: string, error: unknown): unknown {
  if (RiskScoringError.isInstance(error)) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'Z_BUF_ERROR':
      return truncated(path, 'an end in the middle of the compressed data', error);
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return corrupt(path, BYTES_AFTER_END, error);
    default:
      return corrupt(path, `gzip data that cannot be decompressed (${messageOf(error)})`, error);
  }
}

async function* unzstd(
  path: string,
  disk: AsyncIterable<Uint8Array>,
  options: { readonly signal: AbortSignal | undefined; readonly announce: (bytes: number) => void },
): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames(options.announce);
  let sinceBreath = 0;
  try {
    for await (const chunk of disk) {
      for (const plain of frames.push(chunk)) {
        yield plain;
        sinceBreath += plain.length;
        if (sinceBreath < BREATH) continue;
        sinceBreath = 0;
        await setImmediate();
        throwIfCancelled(options.signal, `reading ${path}`);
      }
    }
  } catch (error) {
    if (error instanceof ZstdFormatError) throw corrupt(path, error.message, error);
    throw error;
  }
  if (!frames.complete) throw truncated(path, 'an end in the middle of the compressed data');
}
