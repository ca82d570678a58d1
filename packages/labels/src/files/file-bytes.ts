import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { throwIfCancelled } from '@risk-scoring/contract';
import { LabelFileError } from '../errors.ts';

/** Bytes that are read at once. */
const CHUNK_BYTES = 256 * 1024;

/** What was read of a file so far. */
export interface Tally {
  readonly hash: Hash;
  /** Bytes that were read. */
  bytes: number;
  /** Bytes that the file had when it was opened. */
  size: number;
}

/** A tally of nothing yet. */
export function createTally(): Tally {
  return { hash: createHash('sha256'), bytes: 0, size: 0 };
}

/**
 * The bytes of a regular file in order, each chunk counted and hashed. The file is closed when the reader stops, at the end or before it.
 *
 * @throws {LabelFileError} when there is no such file, or it is a folder, a pipe or unreadable
 * @throws {CancelledError} soon after the signal aborts
 */
export async function* readFileBytes(
  file: string,
  tally: Tally,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const handle = await openFile(file);
  try {
    const status = await handle.stat();
    if (!status.isFile()) throw unreadable(file, status.isDirectory() ? 'a folder' : 'no regular file');
    tally.size = status.size;
    for (;;) {
      throwIfCancelled(signal, `reading ${file}`);
      const { bytesRead, buffer } = await read(handle, file);
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, bytesRead);
      tally.bytes += bytesRead;
      tally.hash.update(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    // Without waiting for a writer where the name is that of a pipe.
    return await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(file, code === 'ENOENT' ? 'no such file' : `an error while opening it: ${code}`, error);
  }
}

async function read(handle: FileHandle, file: string) {
  try {
    return await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
  } catch (error) {
    throw unreadable(
      file,
      `an error while reading it: ${(error as NodeJS.ErrnoException).code ?? error}`,
      error,
    );
  }
}

function unreadable(file: string, found: string, cause?: unknown): LabelFileError {
  return new LabelFileError({
    file,
    category: 'input',
    expected: 'a file that can be read',
    found,
    remedy: 'name the file that holds the labels',
    cause,
  });
}
