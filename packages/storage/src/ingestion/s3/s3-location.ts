import { InvalidInputError } from '@risk-scoring/contract';
import { literal } from '../../sql-text.ts';

/** Keys for S3, from the environment. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** Where on S3, and with which keys. */
export interface S3Location {
  /** `s3://bucket/prefix`, without a slash at the end: what messages and records show. */
  readonly shown: string;
  /** The http(s) address of the same, as the engine's `s3()` takes it. */
  readonly url: string;
  /** Undefined reads without signing, which public buckets allow. */
  readonly credentials: S3Credentials | undefined;
}

/**
 * Reads `s3://bucket/prefix` and the environment as the AWS tools do: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
 * `AWS_REGION` (or `AWS_DEFAULT_REGION`), and `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` for stores other than Amazon's.
 *
 * @throws {InvalidInputError} for an address or an environment that cannot be meant
 * @example
 * s3Location('s3://sot/ethereum', { AWS_REGION: 'eu-central-1' }).url; // 'https://sot.s3.eu-central-1.amazonaws.com/ethereum'
 */
export function s3Location(text: string, env: NodeJS.ProcessEnv = process.env): S3Location {
  const [, bucket, rest = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/i.exec(text) ?? [];
  if (bucket === undefined || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    // What looks like a user and a password is not repeated.
    throw refused(bucket === undefined || /[@:]/.test(bucket) ? 'no bucket' : `the bucket '${bucket}'`);
  }
  const prefix = rest.replace(/\/+$/, '');
  assertPlainKey(prefix);
  const path = prefix.split('/').map(encodeURIComponent).join('/');
  return {
    shown: `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`,
    url: `${endpointOf(bucket, env)}${path === '' ? '' : `/${path}`}`,
    credentials: credentialsOf(env),
  };
}

/**
 * The location of something right below another.
 *
 * @throws {InvalidInputError} for a name that ClickHouse would read as a pattern
 */
export function below(location: S3Location, name: string): S3Location {
  assertPlainKey(name);
  return {
    ...location,
    shown: `${location.shown}/${name}`,
    url: `${location.url}/${encodeURIComponent(name)}`,
  };
}

/**
 * Refuses a prefix that the engine can read from, but does not find again in a listing.
 *
 * @throws {InvalidInputError}
 */
export function assertListable({ shown }: S3Location): void {
  if (/[$^]/.test(shown))
    throw refused(`'${shown}', whose $ or ^ ClickHouse reads as a pattern when it lists what is there`);
}

function assertPlainKey(key: string): void {
  if (/\p{Cc}/u.test(key)) throw refused(`${JSON.stringify(key)}, which has control characters`);
  if (/[*?{}]|::/.test(key)) {
    throw refused(`'${key}', which has characters that ClickHouse reads as a pattern (* ? { } ::)`);
  }
  if (/\/\/|(?:^|\/)\.\.?(?:\/|$)/.test(key)) throw refused(`'${key}', which has empty parts, '.' or '..'`);
}

/**
 * The first arguments of `s3()`: address and keys. They stand in the statement, where ClickHouse hides them from its logs; bound
 * values would travel in the URL of the request, which every proxy writes down.
 */
export function s3Arguments({ url, credentials }: S3Location): string {
  if (credentials === undefined) return `${literal(url)}, NOSIGN`;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const keys = [accessKeyId, secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])];
  return [url, ...keys].map(literal).join(', ');
}

/** What no message may repeat. */
export function s3Secrets({ credentials }: S3Location): string[] {
  if (credentials === undefined) return [];
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const keys = [secretAccessKey, accessKeyId, ...(sessionToken === undefined ? [] : [sessionToken])];
  // Also as they stand in a statement, which an error may quote.
  return keys.flatMap((key) => [key, literal(key).slice(1, -1)]);
}

function endpointOf(bucket: string, env: NodeJS.ProcessEnv): string {
  const custom = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  if (!custom) {
    const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
    if (!/^[a-z0-9-]{1,40}$/.test(region))
      throw badEnvironment('AWS_REGION', 'a region such as eu-central-1');
    // A certificate for *.s3.… does not cover a name with further dots.
    return bucket.includes('.')
      ? `https://s3.${region}.amazonaws.com/${bucket}`
      : `https://${bucket}.s3.${region}.amazonaws.com`;
  }
  let url: URL;
  try {
    url = new URL(custom);
  } catch {
    throw badEnvironment('AWS_ENDPOINT_URL', 'an http(s) address');
  }
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw badEnvironment('AWS_ENDPOINT_URL', 'an http(s) address without user and parameters');
  }
  return `${url.href.replace(/\/+$/, '')}/${bucket}`;
}

function credentialsOf(env: NodeJS.ProcessEnv): S3Credentials | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId || !secretAccessKey) {
    throw badEnvironment(
      accessKeyId ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID',
      'both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or neither',
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken: env.AWS_SESSION_TOKEN || undefined };
}

function badEnvironment(what: string, expected: string): InvalidInputError {
  return new InvalidInputError({
    what,
    expected,
    found: 'another value, or none',
    remedy: `set ${what} right`,
  });
}

function refused(found: string): InvalidInputError {
  return new InvalidInputError({
    what: 'The place on S3',
    expected: 's3://bucket/prefix, the prefix being that of a snapshot or of several',
    found,
    remedy: 'write it as the AWS tools do, for example s3://sot/ethereum',
  });
}
