import { InvalidInputError } from '@risk-scoring/contract';
import type { Database } from '../database.ts';
import { downloadSnapshot } from './https/download.ts';
import type { IngestLimits } from './limits.ts';
import { findS3Snapshots } from './s3/s3-snapshots.ts';
import { schemeOf } from './scheme.ts';
import type { Snapshot } from './snapshot.ts';
import { findSnapshotFolders, readSnapshotFolder } from './snapshot-folder.ts';

/** Snapshots that were found, each still to be looked into. */
export interface FoundSnapshots {
  readonly snapshots: readonly (() => Promise<Snapshot>)[];
  /** Removes what was laid aside. */
  dispose(): Promise<void>;
}

/** What finding needs to know. */
export interface FindOptions {
  readonly limits: IngestLimits;
  readonly signal: AbortSignal | undefined;
}

/**
 * Finds the snapshots at a place: a folder, `s3://bucket/prefix` or an `https://` address.
 *
 * @throws {InvalidInputError} for another kind of address
 * @throws {SnapshotError} when there is none
 */
export async function findSnapshots(
  database: Database,
  from: string,
  options: FindOptions,
): Promise<FoundSnapshots> {
  const scheme = schemeOf(from);
  switch (scheme) {
    case undefined: {
      const folders = await findSnapshotFolders(from);
      const { maxPlainBytes } = options.limits;
      return {
        snapshots: folders.map(
          (folder) => () => readSnapshotFolder(folder, { maxPlainBytes, signal: options.signal }),
        ),
        dispose: async () => undefined,
      };
    }
    case 's3':
      return findS3Snapshots(database, from, options);
    case 'https':
    case 'http':
      return downloadSnapshot(database, from, options);
    default:
      throw new InvalidInputError({
        what: 'The place to ingest from',
        expected: 'a folder, s3://bucket/prefix or https://…',
        found: `${scheme}://…`,
        remedy: 'fetch the files to a folder first',
      });
  }
}
