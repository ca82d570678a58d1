import { RiskScoringError } from '@risk-scoring/contract';
import { HttpStatusError, UnreadableAnswerError } from './engine/transport-errors.ts';
import {
  DatabaseError,
  MissingColumnError,
  MissingTableError,
  ServerAccessError,
  ServerHttpError,
  ServerUnreachableError,
} from './errors.ts';
import { failureKind } from './retry.ts';

/** What an error message says besides the failure itself. */
export interface FailureContext {
  readonly doing: string;
  readonly database: string;
  readonly location: string;
  /** Texts that must not be repeated. */
  readonly secrets: readonly string[];
}

const authentication = new Set([
  'AUTHENTICATION_FAILED',
  'REQUIRED_PASSWORD',
  'WRONG_PASSWORD',
  'UNKNOWN_USER',
]);
const missingColumn = new Set([
  'UNKNOWN_IDENTIFIER',
  'NO_SUCH_COLUMN_IN_TABLE',
  'NOT_FOUND_COLUMN_IN_BLOCK',
  'THERE_IS_NO_COLUMN',
]);

/** Gives a failure of the engine, the client or the network its type. */
export function typedError(error: unknown, context: FailureContext): unknown {
  if (RiskScoringError.isInstance(error)) return error;
  const cause = hide(error instanceof Error ? error : new Error(String(error)), context.secrets);
  const { doing, database, location } = context;
  const { type, code } = cause as { type?: string; code?: string };
  if (type !== undefined) {
    if (type === 'UNKNOWN_TABLE' || type === 'UNKNOWN_DATABASE') {
      return new MissingTableError({ database, doing, cause });
    }
    if (missingColumn.has(type)) return new MissingColumnError({ database, doing, cause });
    if (authentication.has(type)) return new ServerAccessError({ kind: 'login', location, doing, cause });
    if (type === 'ACCESS_DENIED') return new ServerAccessError({ kind: 'grant', location, doing, cause });
    return new DatabaseError({ doing, cause });
  }
  if (cause instanceof UnreadableAnswerError) return new ServerHttpError({ location, doing, cause });
  if (cause instanceof HttpStatusError) {
    if (cause.status === 401 || cause.status === 403) {
      return new ServerAccessError({ kind: 'login', location, doing, cause });
    }
    return new ServerHttpError({ location, doing, cause });
  }
  // What answers is no HTTP server.
  if (/^HPE_/.test(`${code}`)) return new ServerHttpError({ location, doing, cause });
  if (/wrong version number/i.test(cause.message)) {
    return new ServerUnreachableError({ kind: 'plain', location, doing, cause });
  }
  if (isTls(code)) return new ServerUnreachableError({ kind: 'tls', location, doing, cause });
  if (code === 'ENOTFOUND' || failureKind(cause) !== 'final') {
    return new ServerUnreachableError({ kind: 'network', location, doing, cause });
  }
  return new DatabaseError({ doing, cause });
}

function isTls(code: string | undefined): boolean {
  return (
    code !== undefined && /^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)
  );
}

/** A text without secrets. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((done, secret) => done.replaceAll(secret, '[hidden]'), text);
}

/** The error, of the same class, without the secrets of its statement, which servers like to repeat. */
function hide(error: Error, secrets: readonly string[]): Error {
  if (secrets.every((secret) => secret === '')) return error;
  const { cause: _, ...properties } = Object.getOwnPropertyDescriptors(error);
  const hidden: Error = Object.create(Object.getPrototypeOf(error), properties);
  hidden.message = hideSecrets(error.message, secrets);
  hidden.stack = hideSecrets(error.stack ?? '', secrets);
  return hidden;
}
