import type { Database } from '../../database.ts';
import { SnapshotError } from '../../errors.ts';
import type { IngestTable } from '../../tables.ts';
import { textSettings } from '../files/index.ts';
import type { Source } from '../source.ts';
import { inspectObject, type S3File } from './s3-columns.ts';
import { type S3Location, s3Arguments, s3Secrets } from './s3-location.ts';
import { hashObject, type S3Object, s3Settings, statObject } from './s3-object.ts';

/** What is known of an object, and what a META.json promises of it. */
export interface S3SourceOptions extends S3File {
  readonly table: IngestTable;
  readonly maxPlainBytes: number;
  readonly promised?: { readonly md5: string; readonly rows: number; readonly bytes: number | undefined };
}

/**
 * An object on S3 as a source: the engine reads it itself, wherever the engine is.
 *
 * @throws {SnapshotError | FileError} when it is not there, or not as promised
 */
export async function s3Source(database: Database, options: S3SourceOptions): Promise<Source> {
  const { location, table, format, compression, promised } = options;
  const object = await statObject(database, location);
  if (object === undefined) throw missing(location, promised !== undefined);
  if (promised?.bytes !== undefined && promised.bytes !== object.bytes) {
    throw otherObject(location, `${promised.bytes} bytes`, `${object.bytes} bytes`);
  }
  const { columns, rows } = await inspectObject(database, options, options);
  if (promised !== undefined && rows !== undefined && rows !== promised.rows) {
    throw new SnapshotError({
      code: 'SNAPSHOT_ROW_COUNT_MISMATCH',
      summary: `${location.shown} does not hold the rows that META.json promises.`,
      expected: `${promised.rows} rows`,
      found: `${rows} rows`,
      remedy: 'publish the snapshot again',
    });
  }
  let hashed: string | undefined;
  const hash = async () => {
    hashed = await hashObject(database, location);
    return hashed;
  };
  return {
    table,
    label: location.shown,
    format,
    columns,
    md5: promised?.md5,
    rows: promised?.rows ?? rows,
    bytes: object.bytes,
    secrets: s3Secrets(location),
    fingerprint: hash,
    read: (_, structure) => ({
      rows: {
        from: `s3(${s3Arguments(location)}, {s3_format:String}, {s3_structure:String}, {s3_compression:String})`,
        params: { s3_format: format, s3_structure: structure, s3_compression: compression },
      },
      settings: { ...textSettings(format), ...s3Settings },
      md5: async () => {
        await assertSame(database, location, object);
        // Where the store's ETag is the promised md5, as it is of objects uploaded in one piece, that settles it.
        return object.etag === promised?.md5 ? object.etag : (hashed ?? hash());
      },
      sent: () => undefined,
      abandon: () => undefined,
    }),
    dispose: async () => undefined,
  };
}

/** What was hashed, or looked into, must be what was read. */
async function assertSame(database: Database, location: S3Location, object: S3Object): Promise<void> {
  const now = await statObject(database, location);
  if (now?.etag === object.etag && now.bytes === object.bytes) return;
  throw new SnapshotError({
    code: 'SNAPSHOT_CHECKSUM_MISMATCH',
    summary: `${location.shown} changed while it was read.`,
    expected: `the object with the ETag ${object.etag}`,
    found: now === undefined ? 'no object' : `one with the ETag ${now.etag}`,
    remedy: 'ingest again when nobody writes there',
  });
}

function otherObject(location: S3Location, expected: string, found: string): SnapshotError {
  return new SnapshotError({
    code: 'SNAPSHOT_CHECKSUM_MISMATCH',
    summary: `${location.shown} is not the file that META.json describes.`,
    expected,
    found,
    remedy: 'publish the snapshot again',
  });
}

function missing({ shown }: S3Location, isPromised: boolean): SnapshotError {
  if (!isPromised) {
    return new SnapshotError({
      code: 'S3_UNREADABLE',
      summary: `${shown} does not exist.`,
      expected: 'an object of this name',
      found: 'none',
      remedy: 'check the bucket and the key',
    });
  }
  return new SnapshotError({
    code: 'SNAPSHOT_TABLE_MISSING',
    summary: `${shown} is missing.`,
    expected: 'every file that META.json names',
    found: 'no such object',
    remedy: 'publish the snapshot again',
  });
}
