import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ClickHouseException } from './exception.ts';

/** Who may ask. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/**
 * Checks who asks: HTTP Basic, `X-ClickHouse-User` and `-Key`, or `user` and `password` in the address; nobody
 * named is the user `default` without a password, as on a server.
 *
 * @throws {ClickHouseException} 516 AUTHENTICATION_FAILED, the same for a wrong user and a wrong password
 */
export function authenticate(allowed: Credentials, headers: IncomingHttpHeaders, url: URLSearchParams): void {
  const asked = askedAs(headers, url);
  const isUser = isSame(asked.user, allowed.user);
  const isPassword = isSame(asked.password, allowed.password);
  if (isUser && isPassword) return;
  throw new ClickHouseException({
    code: 516,
    type: 'AUTHENTICATION_FAILED',
    text: `${asked.user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  });
}

function askedAs(headers: IncomingHttpHeaders, url: URLSearchParams): Credentials {
  const { authorization } = headers;
  const user = headers['x-clickhouse-user'];
  const key = headers['x-clickhouse-key'];
  if (authorization !== undefined) {
    if (user !== undefined || key !== undefined) {
      throw new ClickHouseException({
        code: 516,
        type: 'AUTHENTICATION_FAILED',
        text: 'Invalid authentication: it is not allowed to use X-ClickHouse HTTP headers and Authorization HTTP header simultaneously.',
      });
    }
    return fromBasic(authorization);
  }
  return {
    user: one(user) ?? url.get('user') ?? 'default',
    password: one(key) ?? url.get('password') ?? '',
  };
}

function fromBasic(authorization: string): Credentials {
  const encoded = /^Basic\s+(\S+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) {
    const scheme = authorization.split(' ')[0] ?? '';
    throw new ClickHouseException({
      code: 516,
      type: 'AUTHENTICATION_FAILED',
      text: `Invalid authentication: '${scheme}' HTTP Authorization scheme is not supported.`,
    });
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0
    ? { user: text, password: '' }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** In a time that tells nothing of the texts: hashes are of one length. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}
