import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { FileError, unreadable } from './errors.ts';

/** A file that was opened for reading, and its size then. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly bytes: number;
}

/**
 * Opens a regular file for reading; anything else (a pipe, a device, a folder) is refused without waiting for it.
 * The caller closes the handle.
 *
 * @throws {FileError} FILE_NOT_REGULAR, or FILE_UNREADABLE
 */
export async function openRegularFile(file: string): Promise<OpenFile> {
  await statRegularFile(file);
  // Another file may have taken the name since: not blocking keeps a pipe from holding us, and what was opened is
  // looked at again.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  try {
    const opened = await handle.stat();
    if (!opened.isFile()) throw notRegular(file, opened);
    return { handle, bytes: opened.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * The size of a regular file in bytes.
 *
 * @throws {FileError} FILE_NOT_REGULAR, or FILE_UNREADABLE
 */
export async function statRegularFile(file: string): Promise<number> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (!found.isFile()) throw notRegular(file, found);
  return found.size;
}

/**
 * The real path of a file of a folder, links followed.
 *
 * @param root the folder, which may itself be reached through links
 * @param name a path within it
 * @throws {FileError} FILE_OUTSIDE_FOLDER when `..`, an absolute name or a link leads out of the folder;
 * FILE_NOT_REGULAR for a pipe, device, socket or folder; FILE_UNREADABLE when it is not there
 * @example
 * await confinedFile('/data/2020-01-01', 'raw_alerts.parquet'); // '/data/2020-01-01/raw_alerts.parquet'
 */
export async function confinedFile(root: string, name: string): Promise<string> {
  const wanted = path.resolve(root, name);
  const outside = (found: string) =>
    new FileError({
      code: 'FILE_OUTSIDE_FOLDER',
      summary: `'${name}' leads out of ${root}.`,
      expected: 'a file in the folder, or a link to one in it',
      found,
      remedy: 'move the file itself into the folder',
    });
  const folder = await realpath(root).catch((cause: unknown) => {
    throw unreadable(root, cause);
  });
  // Before the disk is asked, so that the answer says nothing about files elsewhere.
  if (!isInside(path.resolve(root), wanted)) throw outside(wanted);
  const real = await realpath(wanted).catch((cause: unknown) => {
    throw unreadable(wanted, cause);
  });
  if (!isInside(folder, real)) throw outside(`a link to ${real}`);
  await statRegularFile(real);
  return real;
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}

function notRegular(file: string, found: Stats): FileError {
  return new FileError({
    code: 'FILE_NOT_REGULAR',
    summary: `${file} is not a regular file.`,
    expected: 'a regular file, which can be read twice',
    found: kindOf(found),
    remedy: 'write the data to a file first',
  });
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a pipe';
  if (found.isSocket()) return 'a socket';
  if (found.isCharacterDevice() || found.isBlockDevice()) return 'a device';
  return 'something else';
}
