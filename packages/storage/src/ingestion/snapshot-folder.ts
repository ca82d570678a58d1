import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { SnapshotError } from '../errors.ts';
import { RAW_TABLES, type RawTableName } from '../tables.ts';

/** A file of a snapshot, as its META.json describes it. */
export interface SnapshotFile {
  readonly table: RawTableName;
  readonly path: string;
  readonly md5: string;
  readonly rows: number;
}

/** A snapshot on disk, described but not yet read. */
export interface SnapshotFolder {
  readonly folder: string;
  readonly network: string;
  /** `YYYY-MM-DD` */
  readonly processingDate: string;
  readonly windowDays: number;
  readonly files: readonly SnapshotFile[];
  /** sha256 over the tables' md5 sums: equal fingerprints mean equal content. */
  readonly fingerprint: string;
}

const metaSchema = z.object({
  network: z.string(),
  processing_date: z.iso.date(),
  window_days: z.int().min(1).max(65535),
  files: z.record(
    z.string(),
    z.object({
      md5: z.string().regex(/^[0-9a-f]{32}$/i),
      rows: z.int().min(0),
      bytes: z.int().min(0).optional(),
    }),
  ),
});

/**
 * The snapshots in a folder: the folder itself where it holds a META.json, else every sub-folder that
 * does, by name. Folders whose names begin with a dot are half-written ones and passed over.
 *
 * @throws {SnapshotError} when the folder cannot be read, or holds no snapshot
 */
export async function findSnapshotFolders(from: string): Promise<string[]> {
  const root = path.resolve(from);
  if (/[*?{}]|::/.test(root)) {
    throw new SnapshotError({
      code: 'SNAPSHOT_FOLDER_UNREADABLE',
      summary: `${root} has characters that ClickHouse reads as a pattern.`,
      expected: 'a path without * ? { } and ::',
      found: root,
      remedy: 'rename the folder, or make a link to it under a plain name',
    });
  }
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: Error) => {
    throw unreadable(root, cause);
  });
  if (entries.some((entry) => entry.name === 'META.json')) return [root];
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(root, entry.name))
    .sort();
  const snapshots: string[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch((cause: Error) => {
      throw unreadable(folder, cause);
    });
    if (names.includes('META.json')) snapshots.push(folder);
    else if (names.some((name) => name.endsWith('.parquet'))) await readSnapshotFolder(folder);
  }
  if (snapshots.length > 0) return snapshots;
  throw new SnapshotError({
    code: 'SNAPSHOT_FOLDER_UNREADABLE',
    summary: `There is no snapshot in ${root}.`,
    expected: 'a folder with a META.json, or one such folder per processing date',
    found: entries.length === 0 ? 'an empty folder' : `${entries.length} other entries`,
    remedy: 'name the folder of the snapshots with --from',
  });
}

/**
 * Reads a snapshot's META.json and checks that it describes every table, no other, and only files of its own folder.
 *
 * @throws {SnapshotError} saying what is missing, unknown or malformed
 */
export async function readSnapshotFolder(folder: string): Promise<SnapshotFolder> {
  const metaPath = path.join(folder, 'META.json');
  const text = await readFile(metaPath, 'utf8').catch((cause: Error) => {
    throw unreadable(metaPath, cause);
  });
  const meta = parseMeta(text, metaPath);
  checkTables(Object.keys(meta.files), metaPath);

  const files: SnapshotFile[] = [];
  for (const { name: table } of RAW_TABLES) {
    const described = meta.files[`${table}.parquet`];
    if (described === undefined) continue;
    const file = path.join(folder, `${table}.parquet`);
    await stat(file).catch((cause: Error) => {
      throw new SnapshotError({
        code: 'SNAPSHOT_TABLE_MISSING',
        summary: `${file} is missing.`,
        expected: 'every file that META.json names',
        found: cause.message,
        remedy: 'fetch the snapshot again',
        cause,
      });
    });
    files.push({ table, path: file, md5: described.md5.toLowerCase(), rows: described.rows });
  }
  const fingerprint = createHash('sha256');
  for (const { table, md5 } of files) fingerprint.update(`${table}:${md5}\n`);
  return {
    folder,
    network: meta.network,
    processingDate: meta.processing_date,
    windowDays: meta.window_days,
    files,
    fingerprint: fingerprint.digest('hex'),
  };
}

/**
 * Reads a file once and compares its md5 with the one META.json gives.
 *
 * @throws {SnapshotError} when they differ or the file cannot be read
 */
export async function verifyChecksum(file: SnapshotFile): Promise<void> {
  const hash = createHash('md5');
  try {
    await pipeline(createReadStream(file.path), hash);
  } catch (cause) {
    throw unreadable(file.path, cause as Error);
  }
  const found = hash.digest('hex');
  if (found !== file.md5) {
    throw new SnapshotError({
      code: 'SNAPSHOT_CHECKSUM_MISMATCH',
      summary: `${file.path} is not the file that META.json describes.`,
      expected: `md5 ${file.md5}`,
      found: `md5 ${found}`,
      remedy: 'fetch the snapshot again',
    });
  }
}

function parseMeta(text: string, metaPath: string): z.infer<typeof metaSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidMeta(metaPath, (cause as Error).message, cause);
  }
  const parsed = metaSchema.safeParse(json);
  if (!parsed.success)
    throw invalidMeta(metaPath, z.prettifyError(parsed.error).replaceAll('\n', ' '), parsed.error);
  return parsed.data;
}

function checkTables(names: readonly string[], metaPath: string): void {
  const expected = RAW_TABLES.map((table) => `${table.name}.parquet`);
  const unknown = names.filter((name) => !expected.includes(name));
  if (unknown.length > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_TABLE_UNKNOWN',
      summary: `${metaPath} names files that are no table of a snapshot.`,
      expected: `only ${expected.join(', ')}`,
      found: unknown.join(', '),
      remedy: 'remove them from META.json, or update risk-scoring if SOT publishes new tables',
    });
  }
  const missing = expected.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_TABLE_MISSING',
      summary: `${metaPath} does not describe every table of a snapshot.`,
      expected: expected.join(', '),
      found: `no ${missing.join(', no ')}`,
      remedy: 'fetch the snapshot again',
    });
  }
}

function invalidMeta(metaPath: string, found: string, cause: unknown): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_META_INVALID',
    summary: `${metaPath} does not describe a snapshot.`,
    expected: '{network, processing_date: YYYY-MM-DD, window_days, files: {name: {md5, rows}}}',
    found,
    remedy: 'fetch the snapshot again',
    cause,
  });
}

function unreadable(what: string, cause: Error): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_FOLDER_UNREADABLE',
    summary: `${what} cannot be read.`,
    expected: 'a file or folder that this user can read',
    found: cause.message,
    remedy: 'check the path given with --from and its permissions',
    cause,
  });
}
