import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '../../database.ts';
import { SnapshotError } from '../../errors.ts';
import type { FindOptions, FoundSnapshots } from '../find-snapshots.ts';
import { readSnapshotFolder } from '../snapshot-folder.ts';
import { parseMeta } from '../snapshot-meta.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { downloadUrl, fetchFile, shownUrl } from './fetch-file.ts';

const MAX_META_BYTES = 1024 * 1024;

/**
 * The snapshot behind an address: a folder that holds META.json and the files it names. They are fetched to a
 * temporary folder, because a Parquet file is read from its end, and checked by their md5 on the way.
 *
 * @throws {InvalidInputError} for an address that is not protected
 * @throws {SnapshotError} when something cannot be fetched, or is not what META.json says
 */
export async function downloadSnapshot(
  database: Database,
  from: string,
  { limits, signal }: FindOptions,
): Promise<FoundSnapshots> {
  const base = downloadUrl(from);
  if (base.pathname.endsWith('/META.json')) base.pathname = base.pathname.slice(0, -'META.json'.length);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const { folder, remove } = await temporaryFolder();
  const fetchTo = (name: string, maxBytes: number) =>
    fetchFile(database, fileUrl(base, name), { to: path.join(folder, name), maxBytes, signal });
  try {
    await fetchTo('META.json', MAX_META_BYTES);
    const meta = parseMeta(
      await readFile(path.join(folder, 'META.json'), 'utf8'),
      shownUrl(fileUrl(base, 'META.json')),
    );
    for (const { name, md5, bytes } of meta.files) {
      const fetched = await fetchTo(name, Math.min(bytes ?? limits.maxPlainBytes, limits.maxPlainBytes));
      if (fetched.md5 === md5) continue;
      throw new SnapshotError({
        code: 'SNAPSHOT_CHECKSUM_MISMATCH',
        summary: `${shownUrl(fileUrl(base, name))} is not the file that META.json describes.`,
        expected: `md5 ${md5}`,
        found: `md5 ${fetched.md5}`,
        remedy: 'try again; if it stays so, the publisher must mend it',
      });
    }
  } catch (error) {
    await remove();
    throw error;
  }
  const { maxPlainBytes } = limits;
  return {
    snapshots: [
      () => readSnapshotFolder(folder, { maxPlainBytes, signal, label: shownUrl(base).replace(/\/$/, '') }),
    ],
    dispose: remove,
  };
}

function fileUrl(base: URL, name: string): URL {
  const url = new URL(base);
  url.pathname += name;
  return url;
}
