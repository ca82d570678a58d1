import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RiskScoringError } from '@risk-scoring/contract';
import { OutputFolderError, SnapshotExistsError } from './errors.ts';

/** META.json of a snapshot folder: what is in it, so that readers can tell whether it is whole. */
export interface SnapshotMeta {
  readonly network: string;
  /** `YYYY-MM-DD`. */
  readonly processing_date: string;
  readonly window_days: number;
  readonly files: Readonly<
    Record<string, { readonly md5: string; readonly rows: number; readonly bytes: number }>
  >;
}

/** The bytes of one file and the rows in it. */
export interface SnapshotContent {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** A snapshot folder to be written. */
export interface FolderRequest {
  readonly outputDir: string;
  readonly network: string;
  readonly processingDate: string;
  readonly windowDays: number;
  readonly files: Readonly<Record<string, SnapshotContent>>;
  readonly overwrite: boolean;
}

/** Where the snapshot is now, and whether this call put it there. */
export interface WrittenFolder {
  readonly folder: string;
  readonly written: boolean;
}

/**
 * Puts a snapshot folder in place, whole or not at all: files are written and synced in a hidden folder aside,
 * META.json last, and one rename makes them appear. A folder with the same content is left alone.
 *
 * @throws {SnapshotExistsError} when the folder holds something else, unless overwriting is asked for
 * @throws {OutputFolderError} when the disk does not let it
 */
export async function writeSnapshotFolder(request: FolderRequest): Promise<WrittenFolder> {
  const folder = join(request.outputDir, request.processingDate);
  try {
    return await putInPlace(folder, request);
  } catch (error) {
    throw RiskScoringError.isInstance(error) ? error : new OutputFolderError({ folder, cause: error });
  }
}

async function putInPlace(folder: string, request: FolderRequest): Promise<WrittenFolder> {
  const { outputDir, processingDate, files, overwrite } = request;
  const partial = join(outputDir, `.${processingDate}.partial`);
  const replaced = join(outputDir, `.${processingDate}.replaced`);
  const meta = describe(request);
  await mkdir(outputDir, { recursive: true });
  await removeFolder(partial);
  await removeFolder(replaced);

  const difference = await findDifference(folder, meta);
  if (difference === 'none') return { folder, written: false };
  if (difference !== 'absent' && !overwrite) throw new SnapshotExistsError({ folder, found: difference });

  await mkdir(partial);
  for (const [name, { bytes }] of Object.entries(files)) await writeSynced(join(partial, name), bytes);
  await writeSynced(join(partial, 'META.json'), `${JSON.stringify(meta, null, 2)}\n`);
  await syncFolder(partial);
  if (difference !== 'absent') await rename(folder, replaced);
  await rename(partial, folder);
  await syncFolder(outputDir);
  await removeFolder(replaced);
  return { folder, written: true };
}

function describe({ network, processingDate, windowDays, files }: FolderRequest): SnapshotMeta {
  return {
    network,
    processing_date: processingDate,
    window_days: windowDays,
    files: Object.fromEntries(
      Object.entries(files).map(([name, { rows, bytes }]) => [
        name,
        { md5: md5Of(bytes), rows, bytes: bytes.length },
      ]),
    ),
  };
}

/** `none` when the folder holds exactly this, `absent` when there is none, else a sentence on what differs. */
async function findDifference(folder: string, meta: SnapshotMeta): Promise<string> {
  if (!(await exists(folder))) return 'absent';
  const found = await readOrNothing(join(folder, 'META.json'));
  if (found === undefined) return 'a folder without META.json';
  if (found.toString() !== `${JSON.stringify(meta, null, 2)}\n`) return 'another META.json';
  for (const [name, { md5 }] of Object.entries(meta.files)) {
    const bytes = await readOrNothing(join(folder, name));
    if (bytes === undefined) return `a folder without ${name}`;
    if (md5Of(bytes) !== md5) return `another ${name} than META.json says`;
  }
  return 'none';
}

function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function readOrNothing(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames and new names in a folder survive a power cut, where the system can do that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  if (folder === undefined) return;
  try {
    await folder.sync();
  } catch {
    // Windows and some network file systems cannot sync a folder; the rename itself is still atomic.
  } finally {
    await folder.close();
  }
}

async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
