import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';

/** A file could not be written: a full disk, a missing right. */
export class FileNotWrittenError extends RiskScoringError {
  constructor(parts: { readonly file: string; readonly cause: unknown }) {
    const { code, message } = parts.cause as NodeJS.ErrnoException;
    super({
      code: 'FILE_NOT_WRITTEN',
      category: 'environment',
      summary: `${parts.file} could not be written.`,
      expected: 'a folder with room that this user may write to',
      found: code ?? message,
      remedy: 'make room or name another file; what was begun is removed',
      cause: parts.cause,
    });
  }
}

/**
 * Refuses a name under which nothing can be written, before hours of work go into it.
 *
 * @throws {InvalidInputError} when the folder is not there, or the file is and shall stay
 * @throws {FileNotWrittenError} for a name that the disk cannot have
 */
export async function assertWritable(file: string, { force }: { readonly force: boolean }): Promise<void> {
  const folder = path.dirname(file);
  const parent = await stat(folder).catch(() => undefined);
  if (!parent?.isDirectory()) {
    throw new InvalidInputError({
      what: 'The file to write',
      expected: 'a name in a folder that is there',
      found: file,
      remedy: `make the folder ${folder} first`,
    });
  }
  const entry = await lstat(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new FileNotWrittenError({ file, cause });
  });
  if (entry === undefined || (force && entry.isFile())) return;
  throw new InvalidInputError({
    what: 'The file to write',
    expected: entry.isFile() ? 'a name that is free' : 'the name of a file, not of something else',
    found: file,
    remedy: entry.isFile() ? 'name another file, or add --force to replace it' : 'name another file',
  });
}

/**
 * Writes a file whole or not at all: aside, under a name of its own in the same folder, then synced and renamed.
 *
 * @param write gives the bytes, in order
 * @returns the size in bytes
 * @throws {FileNotWrittenError} when the disk does not let it
 * @throws what `write` throws
 */
export async function writeWhole(
  file: string,
  { force }: { readonly force: boolean },
  write: (sink: (chunk: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<number> {
  const partial = path.join(path.dirname(file), `.${randomUUID()}.partial`);
  let size = 0;
  try {
    const handle = await open(partial, 'wx');
    try {
      await write(async (chunk) => {
        await handle.writeFile(chunk);
        size += chunk.byteLength;
      });
      await handle.sync();
    } finally {
      await handle.close();
    }
    await assertWritable(file, { force });
    await rename(partial, file);
    return size;
  } catch (error) {
    await rm(partial, { force: true });
    if (RiskScoringError.isInstance(error) || !isSystemError(error)) throw error;
    throw new FileNotWrittenError({ file, cause: error });
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}
