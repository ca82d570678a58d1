import { createHash } from 'node:crypto';
import { throwIfCancelled } from '@risk-scoring/contract';
import { unreadable } from './errors.ts';
import { openRegularFile } from './regular-file.ts';

const CHUNK = 256 * 1024;

/** Options of whatever reads a file from its first byte to its last. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Sees the bytes as they are on disk. */
  readonly tap?: ((chunk: Uint8Array) => void) | undefined;
}

/**
 * The bytes of a regular file as they are on disk, in chunks that the reader may keep.
 *
 * @throws {FileError} FILE_NOT_REGULAR, or FILE_UNREADABLE
 * @throws {CancelledError} when the signal aborts
 */
export async function* diskBytes(path: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
  throwIfCancelled(options.signal, `reading ${path}`);
  const { handle } = await openRegularFile(path);
  try {
    for (;;) {
      throwIfCancelled(options.signal, `reading ${path}`);
      const { bytesRead, buffer } = await handle
        .read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK)
        .catch((cause: unknown) => {
          throw unreadable(path, cause);
        });
      if (bytesRead === 0) return;
      const chunk = buffer.subarray(0, bytesRead);
      options.tap?.(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}

/**
 * The md5 of a file as it is on disk, in lower-case hex. The file is read once, piece by piece.
 *
 * @param options `onBytes` hears how many bytes each piece had
 * @throws {FileError} FILE_NOT_REGULAR, or FILE_UNREADABLE
 * @throws {CancelledError} when the signal aborts
 * @example
 * await md5OfFile('raw_alerts.parquet'); // '68ebd97c62c703b458d728b142791f4b'
 */
export async function md5OfFile(
  path: string,
  options: { readonly signal?: AbortSignal; readonly onBytes?: (n: number) => void } = {},
): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of diskBytes(path, { signal: options.signal })) {
    hash.update(chunk);
    options.onBytes?.(chunk.length);
  }
  return hash.digest('hex');
}
