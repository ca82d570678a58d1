import type { Database, Statement } from '../../database.ts';
import { DatabaseError, SnapshotError } from '../../errors.ts';
import { type S3Location, s3Arguments, s3Secrets } from './s3-location.ts';

/**
 * The engine's own patience would last for hours: eight attempts, within about ten seconds for a store that answers 503, and ten
 * seconds each for one that does not answer. Parts of a path such as `network=btc` are no columns, and what an object held before is
 * not remembered.
 */
export const s3Settings = {
  s3_retry_attempts: '8',
  s3_request_timeout_ms: '10000',
  use_hive_partitioning: 0,
  schema_inference_use_cache_for_s3: 0,
} as const;

/** An object as the store describes it, without its content. */
export interface S3Object {
  readonly bytes: number;
  /** Changes with the content; of objects uploaded in one piece mostly their md5. In lower case, without quotes. */
  readonly etag: string;
}

/** What is there, or undefined where nothing is. */
export async function statObject(database: Database, location: S3Location): Promise<S3Object | undefined> {
  const [found] = await readS3<{ bytes: number; tag: string }>(database, location, {
    sql: `SELECT toFloat64(_size) AS bytes, _etag AS tag FROM s3(${s3Arguments(location)}, 'One')`,
    settings: { ...s3Settings, s3_ignore_file_doesnt_exist: 1, s3_skip_empty_files: 0 },
    doing: `looking for ${location.shown}`,
  });
  return found && { bytes: found.bytes, etag: found.tag.replaceAll('"', '').toLowerCase() };
}

/** md5 of an object: the engine reads it whole. */
export async function hashObject(database: Database, location: S3Location): Promise<string> {
  const [row] = await readS3<{ md5: string }>(database, location, {
    sql: `SELECT lower(hex(MD5(object))) AS md5 FROM s3(${s3Arguments(location)}, 'RawBLOB', 'object String', 'none')`,
    settings: { ...s3Settings },
    doing: `hashing ${location.shown}`,
  });
  // An object without a byte is no row.
  return row?.md5 ?? MD5_OF_NOTHING;
}

const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';

/**
 * Runs a SELECT from `s3()`.
 *
 * @throws {SnapshotError} saying what the store, or the engine, answered; never the keys
 */
export async function readS3<Row extends object>(
  database: Database,
  location: S3Location,
  statement: Omit<Statement, 'secrets'>,
): Promise<Row[]> {
  return database.query<Row>({ ...statement, secrets: s3Secrets(location) }).catch((error: unknown) => {
    throw unreadable(location, error);
  });
}

/** What the engine says of an object it cannot read. */
function unreadable(location: S3Location, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  return new SnapshotError({
    code: 'S3_UNREADABLE',
    summary: `${location.shown} cannot be read.`,
    expected: 'an object that exists and that these keys may read',
    found: error.found ?? error.message,
    remedy:
      'check the bucket and prefix, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL',
    cause: error,
  });
}
