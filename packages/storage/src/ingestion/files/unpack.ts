import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { temporaryFolder } from '../temporary-folder.ts';
import { FileError, messageOf } from './errors.ts';
import { type CompressedFile, type PlainOptions, plainBytes } from './plain-bytes.ts';

/** A decompressed copy of a file, and how to remove it. */
export interface UnpackedFile {
  readonly path: string;
  /** May be called again. */
  readonly dispose: () => Promise<void>;
}

/**
 * Writes the decompressed content of a file into a new folder below the system's folder for temporary files, which
 * only this user can read. Nothing stays when it fails.
 *
 * @throws {FileError} those of {@link plainBytes}, and FILE_UNREADABLE when the copy cannot be written
 * @throws {CancelledError} when the signal aborts
 */
export async function unpack(file: CompressedFile, options: PlainOptions): Promise<UnpackedFile> {
  const { folder, remove: dispose } = await temporaryFolder().catch((cause: unknown) => {
    throw unwritable(file.path, cause);
  });
  // A name of ours: ClickHouse would read some characters of theirs as a pattern.
  const copy = path.join(folder, 'data.parquet');
  try {
    await pipeline(plainBytes(file, options), createWriteStream(copy, { flags: 'wx' }));
    return { path: copy, dispose };
  } catch (error) {
    await dispose();
    const { code = '' } = error as NodeJS.ErrnoException;
    throw /^E[A-Z]+$/.test(code) ? unwritable(file.path, error) : error;
  }
}

function unwritable(source: string, cause: unknown): FileError {
  return new FileError({
    code: 'FILE_UNREADABLE',
    summary: `${source} cannot be decompressed into ${tmpdir()}.`,
    expected: 'a folder for temporary files with room for it',
    found: messageOf(cause),
    remedy:
      'decompress the file yourself (Parquet compresses inside), or set TMPDIR to a folder with more room',
    cause,
  });
}
