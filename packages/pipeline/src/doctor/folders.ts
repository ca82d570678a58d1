import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { gigabytes } from './gigabytes.ts';
import type { MachineCheck } from './machine-check.ts';

const LEAST_SPACE = 1e9;
const GOOD_SPACE = 5e9;

/** What there is at a path where a folder is wanted. */
export interface FolderFacts {
  /** Absolute. */
  readonly folder: string;
  /** `absent`: it would be made; `file`: it, or a part of its path, is a file; `unreadable`: nobody can tell. */
  readonly state: 'folder' | 'absent' | 'file' | 'unreadable';
  /** What the state is about: the folder, the nearest one above that is there, the file, or what cannot be read. */
  readonly at: string;
  /** Whether this user may make files in it. */
  readonly writable: boolean;
  /** Bytes that this user may still write there; undefined where the system does not tell. */
  readonly space?: number | undefined;
}

/** Looks at a path, and changes nothing. */
export async function readFolder(folder: string): Promise<FolderFacts> {
  const found = await nearest(folder);
  if (found.state === 'file' || found.state === 'unreadable') return { folder, ...found, writable: false };
  return { folder, ...found, writable: await isWritable(found.at), space: await spaceAt(found.at) };
}

/** Whether a folder is there, or can be made, and can be written. */
export function checkFolder(name: string, { folder, state, at, writable }: FolderFacts): MachineCheck {
  if (writable) return { name, status: 'ok', found: state === 'absent' ? `${folder}, not made yet` : folder };
  const why =
    state === 'file'
      ? 'is a file'
      : state === 'unreadable'
        ? 'cannot be read'
        : 'cannot be written by this user';
  return {
    name,
    status: 'missing',
    found: at === folder ? `${folder} ${why}` : `${folder} cannot be made: ${at} ${why}`,
    expected: 'a folder that this user can read and write',
    remedy:
      state === 'file'
        ? `move ${at} away, or choose another folder`
        : `mend the permissions of ${at}, or choose another folder`,
  };
}

/** Whether there is space enough where a folder is or will be; nothing where that cannot be told. */
export function checkSpace(name: string, { at, space }: FolderFacts): MachineCheck[] {
  if (space === undefined) return [];
  const found = { name, found: `${gigabytes(space)} free at ${at}` };
  if (space >= GOOD_SPACE) return [{ ...found, status: 'ok' }];
  return [
    {
      ...found,
      status: space < LEAST_SPACE ? 'missing' : 'warning',
      expected: `${gigabytes(GOOD_SPACE)} free; with less than ${gigabytes(LEAST_SPACE)} nothing can be relied on`,
      remedy: 'free some space, or choose a folder on another disk',
    },
  ];
}

async function nearest(folder: string): Promise<Pick<FolderFacts, 'state' | 'at'>> {
  for (let at = folder; ; at = path.dirname(at)) {
    try {
      const isFolder = (await stat(at)).isDirectory();
      return { at, state: isFolder ? (at === folder ? 'folder' : 'absent') : 'file' };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const goesOn = (code === 'ENOENT' || code === 'ENOTDIR') && path.dirname(at) !== at;
      if (!goesOn) return { at, state: 'unreadable' };
    }
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function spaceAt(folder: string): Promise<number | undefined> {
  try {
    const { blocks, bavail, bsize } = await statfs(folder);
    // What keeps no files, such as /proc, has no blocks at all.
    return blocks === 0 ? undefined : bavail * bsize;
  } catch {
    return undefined;
  }
}
