import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import { SnapshotError } from '../errors.ts';
import { confinedFile, FileError, type InspectedFile, inspectFile, md5OfFile } from './files/index.ts';
import { assertPlainPath, localSource } from './local-source.ts';
import type { Snapshot } from './snapshot.ts';
import { MAX_META_BYTES, metaTooLong, type PromisedFile, parseMeta } from './snapshot-meta.ts';

/**
 * The snapshots in a folder: the folder itself where it holds a META.json, else every sub-folder that
 * does, by name. Folders whose names begin with a dot are half-written ones and passed over.
 *
 * @throws {SnapshotError} when the folder cannot be read, or holds no snapshot
 * @throws {FileError} when a sub-folder is a link to a snapshot elsewhere
 */
export async function findSnapshotFolders(from: string): Promise<string[]> {
  const root = path.resolve(from);
  assertPlainPath(root);
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOTDIR' ? aFile(root, cause) : unreadable(root, cause);
  });
  if (entries.some((entry) => entry.name === 'META.json')) return [root];
  const snapshots: string[] = [];
  for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
    const folder = path.join(root, entry.name);
    if (!entry.isDirectory() && !entry.isSymbolicLink()) continue;
    const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
      if (entry.isDirectory()) throw unreadable(folder, cause);
      return [];
    });
    // A folder with tables but no META.json is a broken snapshot, and said so when it is read.
    if (!names.some((name) => name === 'META.json' || name.endsWith('.parquet'))) continue;
    if (entry.isDirectory() || !(await isFoundAnyway(root, folder))) snapshots.push(folder);
  }
  if (snapshots.length > 0) return snapshots.sort();
  throw new SnapshotError({
    code: 'SNAPSHOT_FOLDER_UNREADABLE',
    summary: `There is no snapshot in ${root}.`,
    expected: 'a folder with a META.json, or one such folder per processing date',
    found: entries.length === 0 ? 'an empty folder' : `${entries.length} other entries`,
    remedy: 'name the folder of the snapshots with --from',
  });
}

/** Whether a linked folder, such as `latest`, is one of those beside the link. */
async function isFoundAnyway(root: string, link: string): Promise<boolean> {
  const [folder, target] = await Promise.all([realpath(root), realpath(link)]);
  const relative = path.relative(folder, target);
  if (relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)) {
    return !relative.includes(path.sep) && !relative.startsWith('.');
  }
  throw new FileError({
    code: 'FILE_OUTSIDE_FOLDER',
    summary: `'${path.basename(link)}' leads out of ${root}.`,
    expected: 'snapshots in the folder, or links to ones in it',
    found: `a link to ${target}`,
    remedy: 'ingest the other folder by its own path, or remove the link',
  });
}

/**
 * Reads a snapshot's META.json and the columns and row counts of its files; no row is read.
 *
 * @param label where it came from, when the folder is only a copy
 * @throws {SnapshotError | FileError} saying what is missing, unknown or malformed, or leads out of the folder
 */
export async function readSnapshotFolder(
  folder: string,
  options: {
    readonly maxPlainBytes: number;
    readonly label?: string;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Snapshot> {
  const { label = folder, maxPlainBytes, signal } = options;
  const metaPath = await confinedFile(folder, 'META.json').catch((cause: Error) => {
    throw 'code' in cause && cause.code === 'FILE_OUTSIDE_FOLDER'
      ? cause
      : unreadable(path.join(label, 'META.json'), cause);
  });
  if ((await stat(metaPath)).size > MAX_META_BYTES) throw metaTooLong(path.join(label, 'META.json'));
  const text = await readFile(metaPath, 'utf8').catch((cause: Error) => {
    throw unreadable(metaPath, cause);
  });
  const meta = parseMeta(text, path.join(label, 'META.json'));
  const sources = [];
  for (const promised of meta.files) {
    const { table, name, md5, rows } = promised;
    const file = path.join(folder, name);
    await stat(file).catch((cause: Error) => {
      throw new SnapshotError({
        code: 'SNAPSHOT_TABLE_MISSING',
        summary: `${path.join(label, name)} is missing.`,
        expected: 'every file that META.json names',
        found: cause.message,
        remedy: 'fetch the snapshot again',
        cause,
      });
    });
    const confined = await confinedFile(folder, name);
    const inspected = await inspectPromised(confined, {
      promised,
      shown: path.join(label, name),
      maxPlainBytes,
      signal,
    });
    if (inspected.rows !== undefined && inspected.rows !== rows) {
      throw new SnapshotError({
        code: 'SNAPSHOT_ROW_COUNT_MISMATCH',
        summary: `${path.join(label, name)} does not hold the rows that META.json promises.`,
        expected: `${rows} rows`,
        found: `${inspected.rows} rows`,
        remedy: 'fetch the snapshot again',
      });
    }
    sources.push(localSource(table, inspected, { label: path.join(label, name), md5, rows }));
  }
  return { ...meta, label, sources };
}

/** A file that is not the promised one is told as such, whatever else is wrong with it. */
async function inspectPromised(
  file: string,
  options: {
    readonly promised: PromisedFile;
    readonly shown: string;
    readonly maxPlainBytes: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<InspectedFile> {
  const { promised, shown, maxPlainBytes, signal } = options;
  const other = (expected: string, found: string) =>
    new SnapshotError({
      code: 'SNAPSHOT_CHECKSUM_MISMATCH',
      summary: `${shown} is not the file that META.json describes.`,
      expected,
      found,
      remedy: 'fetch the snapshot again',
    });
  const { size } = await stat(file);
  if (promised.bytes !== undefined && promised.bytes !== size) {
    throw other(`${promised.bytes} bytes`, `${size} bytes`);
  }
  try {
    return await inspectFile(file, { maxPlainBytes, ...(signal ? { signal } : {}) });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const md5 = await md5OfFile(file);
    throw md5 === promised.md5 ? error : other(`md5 ${promised.md5}`, `md5 ${md5}`);
  }
}

function aFile(root: string, cause: Error): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_FOLDER_UNREADABLE',
    summary: `${root} is a file, not a folder of snapshots.`,
    expected: 'a folder',
    found: 'a single file',
    remedy: 'say which table it is for, for example --table raw_alerts',
    cause,
  });
}

function unreadable(what: string, cause: Error): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_FOLDER_UNREADABLE',
    summary: `${what} cannot be read.`,
    expected: 'a file or folder that this user can read',
    found: RiskScoringError.isInstance(cause) ? (cause.found ?? cause.summary) : cause.message,
    remedy: 'check the path given with --from and its permissions',
    cause,
  });
}
