import path from 'node:path';
import { InvalidInputError } from '@risk-scoring/contract';
import type { Database } from '../database.ts';
import type { IngestTable } from '../tables.ts';
import { confinedFile, fileFormatOf, inspectFile } from './files/index.ts';
import { downloadUrl, fetchFile, shownUrl } from './https/fetch-file.ts';
import type { IngestLimits } from './limits.ts';
import { localSource } from './local-source.ts';
import { openS3File } from './s3/s3-file.ts';
import { schemeOf } from './scheme.ts';
import type { Source } from './source.ts';
import { temporaryFolder } from './temporary-folder.ts';

/**
 * Looks into a single file: a path, `s3://bucket/key` or an `https://` address. A download lies in a temporary folder until the
 * source is disposed of.
 *
 * @throws {InvalidInputError | FileError | SnapshotError} when there is no such file, or it is of no known format
 */
export async function openFileSource(
  database: Database,
  options: {
    readonly from: string;
    readonly table: IngestTable;
    readonly limits: IngestLimits;
    readonly signal: AbortSignal | undefined;
  },
): Promise<Source> {
  const { from, table, limits, signal } = options;
  const inspecting = { maxPlainBytes: limits.maxPlainBytes, ...(signal ? { signal } : {}) };
  const scheme = schemeOf(from);
  if (scheme === undefined) {
    const file = path.resolve(from);
    const inspected = await inspectFile(
      await confinedFile(path.dirname(file), path.basename(file)),
      inspecting,
    );
    return localSource(table, inspected, { label: file });
  }
  if (scheme === 's3') return openS3File(database, { from, table, limits });
  if (scheme !== 'https' && scheme !== 'http') {
    throw new InvalidInputError({
      what: 'The file to ingest',
      expected: 'a path, s3://bucket/key or https://…',
      found: `${scheme}://…`,
      remedy: 'fetch it to a folder first',
    });
  }
  const url = downloadUrl(from);
  const name = path.posix
    .basename(url.pathname)
    .replaceAll(/[^A-Za-z0-9._-]/g, '_')
    .slice(-100);
  fileFormatOf(shownUrl(url));
  const { folder, remove } = await temporaryFolder();
  try {
    const to = path.join(folder, name);
    await fetchFile(database, url, { to, maxBytes: limits.maxPlainBytes, signal });
    const source = localSource(table, await inspectFile(to, inspecting), { label: shownUrl(url) });
    return {
      ...source,
      dispose: async () => {
        await source.dispose();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
