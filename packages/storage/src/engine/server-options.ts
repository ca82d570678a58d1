import { readFileSync } from 'node:fs';
import { InvalidInputError } from '@risk-scoring/contract';

/** A ClickHouse server or cluster, and how to speak to it. */
export interface ServerOptions {
  /** `http://127.0.0.1:8123`, `https://clickhouse.example:8443`; a path is that of a proxy. */
  readonly url: string;
  /** Defaults to `default`. */
  readonly user?: string;
  readonly password?: string;
  /** Defaults to `risk_scoring_{network}`. One database serves one network. */
  readonly database?: string;
  /** Name of the cluster in the server's configuration; tables are then replicated and distributed. */
  readonly cluster?: string;
  /** Milliseconds until a request that answers nothing counts as lost. Defaults to ten minutes. */
  readonly requestTimeoutMs?: number;
  /** Compress what is sent and received. Defaults to yes, but on this machine. */
  readonly compression?: boolean;
  /** Certificates in PEM, for servers whose authority Node does not know, and for mutual TLS. */
  readonly tls?: { readonly ca: Buffer; readonly certificate?: Buffer; readonly key?: Buffer };
}

/**
 * The server that the environment names, or undefined where it names none: `CLICKHOUSE_URL`, `CLICKHOUSE_USER`, `CLICKHOUSE_PASSWORD`,
 * `CLICKHOUSE_DATABASE`, `CLICKHOUSE_CLUSTER`, `CLICKHOUSE_REQUEST_TIMEOUT` (seconds), and the files
 * `CLICKHOUSE_CA_CERT`, `CLICKHOUSE_CLIENT_CERT`, `CLICKHOUSE_CLIENT_KEY`.
 *
 * @throws {InvalidInputError} for a value that cannot be meant
 * @example
 * serverFromEnvironment({ CLICKHOUSE_URL: 'http://127.0.0.1:8123' }); // { url: 'http://127.0.0.1:8123' }
 */
export function serverFromEnvironment(env: NodeJS.ProcessEnv = process.env): ServerOptions | undefined {
  const url = env.CLICKHOUSE_URL?.trim();
  if (!url) {
    if (env.CLICKHOUSE_CLUSTER) {
      throw new InvalidInputError({
        what: 'CLICKHOUSE_CLUSTER',
        expected: 'CLICKHOUSE_URL beside it: the embedded engine is no cluster',
        found: 'no CLICKHOUSE_URL',
        remedy: 'set CLICKHOUSE_URL to a server of the cluster, or unset CLICKHOUSE_CLUSTER',
      });
    }
    return undefined;
  }
  const timeout = seconds(env.CLICKHOUSE_REQUEST_TIMEOUT);
  const tls = readTls(env);
  return {
    url,
    ...(env.CLICKHOUSE_USER ? { user: env.CLICKHOUSE_USER } : {}),
    ...(env.CLICKHOUSE_PASSWORD ? { password: env.CLICKHOUSE_PASSWORD } : {}),
    ...(env.CLICKHOUSE_DATABASE ? { database: env.CLICKHOUSE_DATABASE } : {}),
    ...(env.CLICKHOUSE_CLUSTER ? { cluster: env.CLICKHOUSE_CLUSTER } : {}),
    ...(timeout === undefined ? {} : { requestTimeoutMs: timeout * 1000 }),
    ...(tls ? { tls } : {}),
  };
}

/** A server's address without what must not be shown, and the credentials that stood in it. */
export interface ServerAddress {
  readonly url: URL;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

/**
 * Takes an address apart.
 *
 * @throws {InvalidInputError} when it is no http(s) address; what it holds is not repeated, it may be a secret
 * @example
 * parseServerUrl('http://me:secret@127.0.0.1:8123').url.href; // 'http://127.0.0.1:8123/'
 */
export function parseServerUrl(text: string): ServerAddress {
  const refuse = (found: string) =>
    new InvalidInputError({
      what: 'CLICKHOUSE_URL',
      expected: 'an address such as http://127.0.0.1:8123 or https://clickhouse.example:8443',
      found,
      remedy:
        'write the address of the HTTP interface; user, password and database have variables of their own',
    });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('a text that is no URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refuse(
      text.includes('://') ? `the protocol ${url.protocol}` : 'no http:// or https:// before the host',
    );
  }
  if (url.search !== '' || url.hash !== '') throw refuse('parameters after the address');
  let user: string | undefined;
  let password: string | undefined;
  try {
    user = url.username === '' ? undefined : decodeURIComponent(url.username);
    password = url.password === '' ? undefined : decodeURIComponent(url.password);
  } catch {
    throw refuse('a user or password with a % that begins no code (write %25)');
  }
  url.username = '';
  url.password = '';
  return { url, user, password };
}

/** Whether an address is of this machine. */
export function isLoopback(url: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 86_400) return value;
  throw new InvalidInputError({
    what: 'CLICKHOUSE_REQUEST_TIMEOUT',
    expected: 'seconds, more than 0 and at most 86400',
    found: text,
    remedy: 'write for example CLICKHOUSE_REQUEST_TIMEOUT=600',
  });
}

function readTls(env: NodeJS.ProcessEnv): ServerOptions['tls'] {
  const { CLICKHOUSE_CA_CERT: ca, CLICKHOUSE_CLIENT_CERT: certificate, CLICKHOUSE_CLIENT_KEY: key } = env;
  if (!ca && !certificate && !key) return undefined;
  if (!ca || !certificate !== !key) {
    throw new InvalidInputError({
      what: 'The certificates for ClickHouse',
      expected:
        'CLICKHOUSE_CA_CERT, and for mutual TLS CLICKHOUSE_CLIENT_CERT and CLICKHOUSE_CLIENT_KEY besides',
      found: ca ? 'one of the client certificate and its key' : 'no CLICKHOUSE_CA_CERT',
      remedy: 'set the missing one to a PEM file',
    });
  }
  return {
    ca: readPem('CLICKHOUSE_CA_CERT', ca),
    ...(certificate && key
      ? {
          certificate: readPem('CLICKHOUSE_CLIENT_CERT', certificate),
          key: readPem('CLICKHOUSE_CLIENT_KEY', key),
        }
      : {}),
  };
}

function readPem(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new InvalidInputError({
      what: variable,
      expected: 'a PEM file that this user can read',
      found: (error as Error).message,
      remedy: 'check the path and its permissions',
    });
  }
}
