import type { IncomingHttpHeaders } from 'node:http';

/** What the address and headers of a request ask for. */
export interface UrlParameters {
  /** The statement or its beginning; the body continues it. */
  readonly query: string;
  readonly params: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly database: string | undefined;
  readonly queryId: string | undefined;
  readonly defaultFormat: string;
  readonly wantsGzip: boolean;
  /** A failure is to be known before the first byte of the answer. */
  readonly waitsForEnd: boolean;
  /** An exception in mid-stream is to be written in the result's own format. */
  readonly wantsExceptionInFormat: boolean;
}

// What a server takes for itself, or what makes no difference here; everything else is a setting.
const notSettings = new Set([
  'query',
  'database',
  'query_id',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'user',
  'password',
  'quota_key',
  'role',
  'default_format',
  'stacktrace',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'http_write_exception_in_output_format',
  'enable_http_compression',
  'http_zlib_compression_level',
  'http_response_buffer_size',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
]);

/** Reads the part of a request that is not its body. */
export function readUrlParameters(url: URLSearchParams, headers: IncomingHttpHeaders): UrlParameters {
  const params: Record<string, string> = {};
  const settings: Record<string, string> = {};
  for (const [name, value] of url) {
    if (name.startsWith('param_')) params[name.slice('param_'.length)] = value;
    else if (!notSettings.has(name)) settings[name] = value;
  }
  return {
    query: url.get('query') ?? '',
    params,
    settings,
    database: url.get('database') || header(headers, 'x-clickhouse-database') || undefined,
    queryId: url.get('query_id') || undefined,
    defaultFormat: url.get('default_format') || header(headers, 'x-clickhouse-format') || 'TabSeparated',
    wantsGzip:
      isOn(url.get('enable_http_compression')) && /\bgzip\b/.test(header(headers, 'accept-encoding')),
    waitsForEnd: isOn(url.get('wait_end_of_query')),
    wantsExceptionInFormat: isOn(url.get('http_write_exception_in_output_format')),
  };
}

function isOn(value: string | null): boolean {
  return value === '1' || value === 'true';
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
