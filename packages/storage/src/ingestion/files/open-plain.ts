import { Readable } from 'node:stream';
import { CancelledError } from '@risk-scoring/contract';
import { corrupt } from './errors.ts';
import type { StoredFile } from './inspect-file.ts';
import { plainBytes } from './plain-bytes.ts';

/**
 * A stream of a file's decompressed bytes. It reads no further than its reader asks, and closes the file when it
 * ends, fails or is destroyed. It may be opened as often as needed.
 *
 * Its errors are FileErrors: those of {@link inspectFile}, and FILE_UNREADABLE when the file is no longer as long as
 * it was then; a CancelledError when the signal aborts.
 *
 * @param options `tap` sees the bytes as they are on disk, each once and in order, for an md5
 * @example
 * const hash = createHash('md5');
 * const stream = openPlain(file, { tap: (chunk) => hash.update(chunk) });
 * await client.insert({ table: 'staging', values: stream, format: file.format });
 */
export function openPlain(
  file: StoredFile,
  options: { readonly tap?: (chunk: Uint8Array) => void; readonly signal?: AbortSignal } = {},
): Readable {
  const { signal, tap } = options;
  const stream = Readable.from(unchanged(file, { signal, tap }), { objectMode: false });
  if (signal !== undefined) {
    // A reader that waits for nothing at the moment has to hear it too.
    const abort = () => stream.destroy(new CancelledError({ during: `reading ${file.source}` }));
    signal.addEventListener('abort', abort, { once: true });
    stream.once('close', () => signal.removeEventListener('abort', abort));
  }
  return stream;
}

async function* unchanged(
  file: StoredFile,
  options: {
    readonly signal: AbortSignal | undefined;
    readonly tap: ((chunk: Uint8Array) => void) | undefined;
  },
): AsyncGenerator<Uint8Array> {
  const expected = file.plainBytes ?? file.bytes;
  let total = 0;
  const check = (isEnd: boolean) => {
    if (total > expected || (isEnd && total < expected)) {
      throw corrupt(
        file.source,
        `${isEnd ? total : `more than ${expected}`} bytes, where there were ${expected}`,
      );
    }
  };
  for await (const chunk of plainBytes(file, options)) {
    total += chunk.length;
    check(false);
    yield chunk;
  }
  check(true);
}
