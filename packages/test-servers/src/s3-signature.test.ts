import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import type { S3Error, S3ErrorCode } from './s3-error.ts';
import { type S3Credentials, type S3SignedRequest, verifySignature } from './s3-signature.ts';

const NOW = new Date('2025-03-01T12:00:00Z');
const CREDENTIALS: S3Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's/ecr+et=' };
const TEMPORARY: S3Credentials = { ...CREDENTIALS, sessionToken: 'to/ken+==' };

describe('verifySignature, on the examples of the S3 documentation', () => {
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const headers = {
    host: ['examplebucket.s3.amazonaws.com'],
    'x-amz-content-sha256': ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    'x-amz-date': ['20130524T000000Z'],
  };
  const authorization = (signedHeaders: string, signature: string) => [
    `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`,
  ];
  const now = new Date('2013-05-24T00:00:00Z');

  it('takes "GET Object" and "GET Bucket (List Objects)"', () => {
    const object = {
      ...headers,
      range: ['bytes=0-9'],
      authorization: authorization(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
    };
    const list = {
      ...headers,
      authorization: authorization(
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    };
    verifySignature({ method: 'GET', target: '/test.txt', headers: object }, credentials, now);
    verifySignature({ method: 'GET', target: '/?max-keys=2&prefix=J', headers: list }, credentials, now);
    expect(refusal({ method: 'HEAD', target: '/test.txt', headers: object }, credentials, now)).toBe(
      'SignatureDoesNotMatch',
    );
  });
});

describe('verifySignature, on requests signed by @smithy/signature-v4', () => {
  it.each([
    ['/bucket/plain.txt', {}],
    ['/bucket/a%20b/%2B%25%2A%27%28%29%21~-_./%C3%A9%F0%9F%8E%89', {}],
    ['/bucket/a//b/', {}],
    ['/bucket', { 'list-type': '2', prefix: 'a b/+%&=é', delimiter: '/', 'start-after': '' }],
    ['/bucket', { 'list-type': '2', Zebra: '1', 'a-b': '2', a: '3' }],
  ])('takes %s %j', async (path, query) => {
    for (const method of ['GET', 'HEAD']) {
      for (const credentials of [CREDENTIALS, TEMPORARY]) {
        verifySignature(await signed({ method, path, query, credentials }), credentials, NOW);
      }
    }
  });

  it('takes an unsigned payload, inner spaces in a header, any region, and up to 15 minutes of difference', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-meta-note': '  two   words ' };
    verifySignature(await signed({ headers, region: 'eu-west-3' }), CREDENTIALS, NOW);
    verifySignature(await signed({}), CREDENTIALS, new Date(NOW.getTime() + 14 * 60_000));
  });

  it('takes a plus sign in the query for a space', async () => {
    const request = await signed({ path: '/bucket', query: { prefix: 'a b' } });
    verifySignature({ ...request, target: '/bucket?prefix=a+b' }, CREDENTIALS, NOW);
  });

  it('refuses a request that was changed after it was signed', async () => {
    const request = await signed({ query: { prefix: 'a' }, headers: { range: 'bytes=0-1' } });
    const range = { ...request.headers, range: ['bytes=0-2'] };
    for (const changed of [
      { ...request, method: 'HEAD' },
      { ...request, target: '/bucket/other?prefix=a' },
      { ...request, target: request.target.replace('prefix=a', 'prefix=b') },
      { ...request, headers: range },
    ]) {
      expect(refusal(changed)).toBe('SignatureDoesNotMatch');
    }
  });

  it('refuses a wrong secret, an unknown key and a wrong or missing token', async () => {
    const wrong = { ...CREDENTIALS, secretAccessKey: 'guess' };
    expect(refusal(await signed({ credentials: wrong }))).toBe('SignatureDoesNotMatch');
    expect(refusal(await signed({ credentials: { ...CREDENTIALS, accessKeyId: 'AKIDOTHER' } }))).toBe(
      'InvalidAccessKeyId',
    );
    expect(refusal(await signed({}), TEMPORARY)).toBe('InvalidAccessKeyId');
    const otherToken = await signed({ credentials: { ...TEMPORARY, sessionToken: 'old' } });
    expect(refusal(otherToken, TEMPORARY)).toBe('InvalidToken');
    expect(refusal(otherToken, CREDENTIALS)).toBe('InvalidToken');
  });

  it('refuses what is unsigned, presigned, stale, of another service, or does not cover its headers', async () => {
    const { authorization: _, ...unsigned } = (await signed({})).headers;
    const plain = { method: 'GET', target: '/bucket/key', headers: unsigned };
    expect(refusal(plain)).toBe('AccessDenied');
    expect(refusal({ ...plain, target: '/bucket/key?X-Amz-Signature=abc' })).toBe(
      'AuthorizationQueryParametersError',
    );
    const request = await signed({});
    expect(refusal(request, CREDENTIALS, new Date(NOW.getTime() + 16 * 60_000))).toBe('RequestTimeTooSkewed');
    expect(refusal(await signed({ service: 'ec2' }))).toBe('AuthorizationHeaderMalformed');
    const added = { ...request.headers, 'x-amz-acl': ['private'] };
    expect(refusal({ ...request, headers: added })).toBe('AccessDenied');
    const basic = { ...request.headers, authorization: ['Basic QTpC'] };
    expect(refusal({ ...request, headers: basic })).toBe('AuthorizationHeaderMalformed');
    const hashed = await signed({ headers: { 'x-amz-content-sha256': 'a'.repeat(64) } });
    expect(refusal(hashed)).toBe('XAmzContentSHA256Mismatch');
  });
});

function refusal(request: S3SignedRequest, credentials = CREDENTIALS, now = NOW): S3ErrorCode | 'no refusal' {
  try {
    verifySignature(request, credentials, now);
    return 'no refusal';
  } catch (error) {
    return (error as S3Error).code;
  }
}

interface ToSign {
  readonly method?: string;
  readonly path?: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly credentials?: S3Credentials;
  readonly region?: string;
  readonly service?: string;
}

/** A request as a client signs it, then as a server receives it. */
async function signed(parts: ToSign): Promise<S3SignedRequest> {
  const { method = 'GET', path = '/bucket/key', query = {}, credentials = CREDENTIALS } = parts;
  const signer = new SignatureV4({
    credentials,
    region: parts.region ?? 'us-east-1',
    service: parts.service ?? 's3',
    sha256: NodeSha256,
    uriEscapePath: false,
  });
  const request = await signer.sign(
    {
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: 9000,
      path,
      query,
      headers: { host: '127.0.0.1:9000', ...parts.headers },
    },
    { signingDate: NOW },
  );
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return {
    method,
    target: pairs.length > 0 ? `${path}?${pairs.join('&')}` : path,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), [value]]),
    ),
  };
}

/** What the signer asks of a hash, over the platform's own. */
class NodeSha256 {
  readonly #start: () => Hash | Hmac;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key =
      secret === undefined || typeof secret === 'string' || ArrayBuffer.isView(secret)
        ? secret
        : new Uint8Array(secret);
    this.#start = () =>
      key === undefined ? createHash('sha256') : createHmac('sha256', key as string | Buffer);
    this.#hash = this.#start();
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#start();
  }
}
