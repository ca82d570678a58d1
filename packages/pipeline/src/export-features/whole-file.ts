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
 * Refuses a name under which nothing can be written, before hours of work go into it: makes an empty file beside it, and removes that again. Whether
 * there is room for all of it nobody knows before it is written.
 *
 * @throws {InvalidInputError} when the folder is not there, or the file is and shall stay
 * @throws {FileNotWrittenError} for a name that the disk cannot have, or a folder that takes no files
 */
export async function assertWritable(file: string, { force }: { readonly force: boolean }): Promise<void> {
  const folder = path.dirname(file);
  const parent = await stat(folder).catch(noneOr(file, ['ENOENT', 'ENOTDIR']));
  if (!parent?.isDirectory()) {
    throw new InvalidInputError({
      what: 'The file to write',
      expected: 'a name in a folder that is there',
      found: file,
      remedy: `make the folder ${folder} first`,
    });
  }
  await assertFree(file, { force });
  const probe = partialOf(file);
  try {
    // Permissions do not tell: a folder may be on a disk that is full or cannot be written to.
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    throw new FileNotWrittenError({ file, cause });
  }
}

/** Refuses a name that is taken. */
async function assertFree(file: string, { force }: { readonly force: boolean }): Promise<void> {
  const entry = await lstat(file).catch(noneOr(file, ['ENOENT']));
  if (entry === undefined || (force && entry.isFile())) return;
  throw new InvalidInputError({
    what: 'The file to write',
    expected: entry.isFile() ? 'a name that is free' : 'the name of a file, not of something else',
    found: file,
    remedy: entry.isFile() ? 'name another file, or add --force to replace it' : 'name another file',
  });
}

/** Takes an error of the disk as nothing being there, where its code says so. */
function noneOr(file: string, codes: readonly string[]): (cause: NodeJS.ErrnoException) => undefined {
  return (cause) => {
    if (codes.includes(cause.code ?? '')) return undefined;
    throw new FileNotWrittenError({ file, cause });
  };
}

/** Another name in the folder of a file. */
function partialOf(file: string): string {
  return path.join(path.dirname(file), `.${randomUUID()}.partial`);
}

/**
 * Writes a file whole or not at all: aside, under a name of its own in the same folder, then synced and renamed.
 *
 * @param options with `beforeNaming`, what is to be done once the bytes are safe on the disk and the name is free, and before the file gets it; where
 * that fails there is no file
 * @param write gives the bytes, in order
 * @returns the size in bytes
 * @throws {FileNotWrittenError} when the disk does not let it
 * @throws what `write` and `beforeNaming` throw
 */
export async function writeWhole(
  file: string,
  { force, beforeNaming }: { readonly force: boolean; readonly beforeNaming?: () => Promise<void> },
  write: (sink: (chunk: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<number> {
  const partial = partialOf(file);
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
    // A folder that was removed meanwhile took the partial file with it.
    await lstat(partial);
    await assertFree(file, { force });
    await beforeNaming?.();
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
