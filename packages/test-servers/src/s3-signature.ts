import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.ts';
import { decodePercent, parseQuery, splitTarget, uriEncode } from './s3-uri.ts';

/** The one key pair a server knows; with a session token they are temporary credentials. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What a signature covers of a request, as it came over the wire. */
export interface S3SignedRequest {
  readonly method: string;
  /** Path and query, still percent-encoded: `/bucket/a%20b?x=1`. */
  readonly target: string;
  /** Lower-case header names with every value sent, as `IncomingMessage.headersDistinct` has them. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const EMPTY_BODY = sha256('');
const CLOCK_TOLERANCE_MS = 15 * 60_000;

/**
 * Refuses a request that is not signed with these credentials by AWS Signature Version 4, header form, for a
 * request without a body. Any region is accepted; the signature must cover `host` and every `x-amz-` header.
 *
 * Source: Amazon S3 API reference, "Signature Calculations for the Authorization Header: Transferring Payload in a
 * Single Chunk": canonical request → string to sign → HMAC with a key derived from date, region and service.
 *
 * @throws {S3Error} with the code S3 gives: `AccessDenied` (unsigned), `InvalidAccessKeyId`, `SignatureDoesNotMatch`,
 *   `InvalidToken`, `RequestTimeTooSkewed`, `AuthorizationHeaderMalformed`, …
 *
 * @example
 * verifySignature({ method: 'GET', target: request.url, headers: request.headersDistinct }, credentials);
 */
export function verifySignature(
  request: S3SignedRequest,
  credentials: S3Credentials,
  now = new Date(),
): void {
  const authorization = parseAuthorization(request);
  const { accessKeyId, day, scope, signedHeaders, signature } = authorization;
  if (accessKeyId !== credentials.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', { AWSAccessKeyId: accessKeyId });
  }
  checkToken(request, credentials);
  const date = requiredHeader(request, 'x-amz-date');
  if (!date.startsWith(`${day}T`)) throw new S3Error('AuthorizationHeaderMalformed');
  // Not a date at all gives NaN, which no comparison lets through.
  if (!(Math.abs(parseDate(date) - now.getTime()) <= CLOCK_TOLERANCE_MS)) {
    throw new S3Error('RequestTimeTooSkewed');
  }
  checkCoverage(request, signedHeaders);
  const payloadHash = requiredHeader(request, 'x-amz-content-sha256');
  if (payloadHash !== 'UNSIGNED-PAYLOAD' && payloadHash !== EMPTY_BODY) {
    throw new S3Error('XAmzContentSHA256Mismatch');
  }

  const canonical = canonicalRequest(request, signedHeaders, payloadHash);
  const stringToSign = [ALGORITHM, date, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>(
    (parent, part) => hmac(parent, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  const expected = hmac(key, stringToSign);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new S3Error('SignatureDoesNotMatch', {
      AWSAccessKeyId: accessKeyId,
      StringToSign: stringToSign,
      CanonicalRequest: canonical,
    });
  }
}

interface Authorization {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the scope. */
  readonly day: string;
  /** day, region, service, `aws4_request`: the steps from the secret to the signing key. */
  readonly scope: readonly string[];
  readonly signedHeaders: readonly string[];
  readonly signature: Buffer;
}

function parseAuthorization(request: S3SignedRequest): Authorization {
  const header = request.headers.authorization?.[0];
  if (header === undefined) {
    if (/[?&]X-Amz-Signature=/i.test(request.target)) throw new S3Error('AuthorizationQueryParametersError');
    throw new S3Error('AccessDenied');
  }
  const parts =
    /^AWS4-HMAC-SHA256 +Credential=([^, ]+), *SignedHeaders=([^, ]+), *Signature=([0-9a-f]{64})$/.exec(
      header.trim(),
    );
  const [, credential = '', names = '', signature = ''] = parts ?? [];
  // The access key may itself hold slashes; the scope is the last four parts.
  const path = credential.split('/');
  const scope = path.slice(-4);
  const [day = '', , service, terminator] = scope;
  if (path.length < 5 || service !== 's3' || terminator !== 'aws4_request') {
    throw new S3Error('AuthorizationHeaderMalformed');
  }
  return {
    accessKeyId: path.slice(0, -4).join('/'),
    day,
    scope,
    signedHeaders: names.split(';'),
    signature: Buffer.from(signature, 'hex'),
  };
}

/** Temporary credentials without their token are no credentials that S3 knows. */
function checkToken(request: S3SignedRequest, { accessKeyId, sessionToken }: S3Credentials): void {
  const token = request.headers['x-amz-security-token']?.[0];
  if (token === sessionToken) return;
  if (token === undefined) throw new S3Error('InvalidAccessKeyId', { AWSAccessKeyId: accessKeyId });
  throw new S3Error('InvalidToken');
}

function checkCoverage({ headers }: S3SignedRequest, signedHeaders: readonly string[]): void {
  const covered = new Set(signedHeaders);
  const mustBe = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  const unsigned = mustBe.filter((name) => !covered.has(name));
  if (unsigned.length > 0) throw new S3Error('AccessDenied', { HeadersNotSigned: unsigned.join(', ') });
}

function canonicalRequest(
  { method, target, headers }: S3SignedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const [path, query] = splitTarget(target);
  return [
    method,
    // S3 encodes a path once and never normalises it: `a//b` and `a/../b` are keys.
    path
      .split('/')
      .map((segment) => uriEncode(decodePercent(segment)))
      .join('/'),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(headers[name])}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function canonicalQuery(query: string): string {
  return parseQuery(query)
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalValue(values: readonly string[] = []): string {
  return values.map((value) => value.trim().replace(/ +/g, ' ')).join(',');
}

function requiredHeader({ headers }: S3SignedRequest, name: string): string {
  const value = headers[name]?.[0];
  if (value === undefined) throw new S3Error('MissingSecurityHeader', { MissingHeaderName: name });
  return value;
}

/** `20130524T000000Z` in milliseconds; NaN for anything else. */
function parseDate(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
