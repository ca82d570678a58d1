import type { Database } from '../../database.ts';
import { SnapshotError } from '../../errors.ts';
import { RAW_TABLES } from '../../tables.ts';
import type { FindOptions, FoundSnapshots } from '../find-snapshots.ts';
import type { Snapshot } from '../snapshot.ts';
import { MAX_META_BYTES, metaTooLong, parseMeta } from '../snapshot-meta.ts';
import { assertListable, below, type S3Location, s3Arguments, s3Location } from './s3-location.ts';
import { readS3, s3Settings, statObject } from './s3-object.ts';
import { s3Source } from './s3-source.ts';

/**
 * The snapshots below a prefix: the prefix itself where a META.json lies there, else every folder right below it that holds one.
 * Folders whose names begin with a dot are half-written ones and passed over. The engine lists and reads them.
 *
 * @throws {SnapshotError} when there is none, or the store does not let us read
 */
export async function findS3Snapshots(
  database: Database,
  from: string,
  { limits }: FindOptions,
): Promise<FoundSnapshots> {
  const root = s3Location(from);
  const { maxPlainBytes } = limits;
  const isSnapshot = (await statObject(database, below(root, 'META.json'))) !== undefined;
  const locations = isSnapshot
    ? [root]
    : (await listFolders(database, root)).map((name) => below(root, name));
  if (locations.length === 0) {
    throw new SnapshotError({
      code: 'SNAPSHOT_FOLDER_UNREADABLE',
      summary: `There is no snapshot in ${root.shown}.`,
      expected: 'a META.json there, or in the folders below it',
      found: 'none',
      remedy: 'name the folder of the snapshots with --from s3://bucket/prefix',
    });
  }
  return {
    snapshots: locations.map((location) => () => openSnapshot(database, location, maxPlainBytes)),
    dispose: async () => undefined,
  };
}

/** The folders right below the root with a META.json, or with tables but none, which is a broken snapshot and said so when it is read. */
async function listFolders(database: Database, root: S3Location): Promise<string[]> {
  assertListable(root);
  const names = ['META.json', ...RAW_TABLES.map(({ name }) => `${name}.parquet`)];
  const pattern = { ...root, url: `${root.url}/*/{${names.join(',')}}` };
  const rows = await readS3<{ folder: string }>(database, root, {
    sql: `SELECT DISTINCT splitByChar('/', _path)[-2] AS folder
FROM s3(${s3Arguments(pattern)}, 'One')
ORDER BY folder`,
    settings: { ...s3Settings, s3_throw_on_zero_files_match: 0 },
    doing: `looking for snapshots in ${root.shown}`,
  });
  return rows.map(({ folder }) => folder).filter((folder) => !folder.startsWith('.'));
}

async function openSnapshot(
  database: Database,
  location: S3Location,
  maxPlainBytes: number,
): Promise<Snapshot> {
  const meta = parseMeta(
    await readMeta(database, below(location, 'META.json')),
    `${location.shown}/META.json`,
  );
  const sources = [];
  for (const { table, name, md5, rows, bytes } of meta.files) {
    sources.push(
      await s3Source(database, {
        location: below(location, name),
        table,
        format: 'Parquet',
        compression: 'none',
        maxPlainBytes,
        promised: { md5, rows, bytes },
      }),
    );
  }
  return { ...meta, label: location.shown, sources };
}

async function readMeta(database: Database, location: S3Location): Promise<string> {
  const found = await statObject(database, location);
  if (found === undefined) {
    throw new SnapshotError({
      code: 'SNAPSHOT_FOLDER_UNREADABLE',
      summary: `${location.shown} is missing.`,
      expected: 'a META.json beside the tables of a snapshot',
      found: 'no such object',
      remedy: 'publish the snapshot again',
    });
  }
  if (found.bytes > MAX_META_BYTES) throw metaTooLong(location.shown);
  const [row] = await readS3<{ text: string }>(database, location, {
    sql: `SELECT meta AS text FROM s3(${s3Arguments(location)}, 'RawBLOB', 'meta String', 'none')`,
    settings: { ...s3Settings },
    doing: `reading ${location.shown}`,
  });
  return row?.text ?? '';
}
