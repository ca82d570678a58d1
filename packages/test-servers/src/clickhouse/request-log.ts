import type { IncomingHttpHeaders } from 'node:http';

/** How a request ended. */
export type Outcome =
  | 'running'
  | 'answered'
  /** Answered with an error; `code` says which. */
  | 'refused'
  | 'dropped before'
  | 'dropped after'
  | 'unavailable'
  | 'too many queries'
  | 'stalled'
  | 'truncated'
  | 'failed in mid-stream'
  | 'client gone';

/** One request as the front saw it. */
export interface FrontRequest {
  readonly method: string;
  readonly path: string;
  readonly queryId: string;
  /** The statement without the rows of an INSERT in the body. */
  readonly query: string;
  readonly database: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  /** In lower case; credentials are replaced by `(hidden)`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the body, as sent. */
  readonly bytes: number;
  /** Whether the engine ran the statement to its end without an error. */
  readonly ran: boolean;
  readonly outcome: Outcome;
  /** Of the exception that was answered. */
  readonly code: number | undefined;
}

/** A request in the making. */
export type LogEntry = { -readonly [Key in keyof FrontRequest]: FrontRequest[Key] };

/** An entry with nothing known but what came first. */
export function newEntry(method: string, path: string, headers: IncomingHttpHeaders): LogEntry {
  return {
    method,
    path,
    queryId: '',
    query: '',
    database: undefined,
    params: {},
    settings: {},
    headers: shownHeaders(headers),
    bytes: 0,
    ran: false,
    outcome: 'running',
    code: undefined,
  };
}

const secret = new Set(['authorization', 'proxy-authorization', 'x-clickhouse-key', 'cookie']);

function shownHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secret.has(name) ? '(hidden)' : Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}
