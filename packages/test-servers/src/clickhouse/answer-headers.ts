import type { OutgoingHttpHeaders } from 'node:http';
import type { EngineResult } from './engine.ts';

/** What every answer of one front has in common. */
export interface ServerFacts {
  readonly version: string;
  readonly timezone: string;
}

/** The headers of an answer to a statement. */
export function answerHeaders(
  server: ServerFacts,
  parts: {
    readonly queryId: string;
    readonly format: string;
    readonly exceptionTag: string | undefined;
  },
): OutgoingHttpHeaders {
  return {
    'Content-Type': contentTypes[parts.format] ?? 'application/octet-stream',
    'X-ClickHouse-Server-Display-Name': 'clickhouse-front',
    'X-ClickHouse-Query-Id': parts.queryId,
    'X-ClickHouse-Format': parts.format,
    'X-ClickHouse-Timezone': server.timezone,
    ...(parts.exceptionTag === undefined ? {} : { 'X-ClickHouse-Exception-Tag': parts.exceptionTag }),
  };
}

/** The `X-ClickHouse-Summary` of a finished statement. The engine tells nothing of what a query read. */
export function summaryHeader(result: EngineResult, isInsert: boolean): string {
  const written = { rows: isInsert ? result.rows : 0, bytes: isInsert ? result.size : 0 };
  const returned = { rows: isInsert ? 0 : result.rows, bytes: isInsert ? 0 : result.size };
  return JSON.stringify({
    read_rows: String(result.rows),
    read_bytes: String(result.size),
    written_rows: String(written.rows),
    written_bytes: String(written.bytes),
    total_rows_to_read: '0',
    result_rows: String(returned.rows),
    result_bytes: String(returned.bytes),
    elapsed_ns: String(Math.round(result.seconds * 1e9)),
  });
}

const contentTypes: Readonly<Record<string, string>> = {
  JSON: 'application/json; charset=UTF-8',
  JSONCompact: 'application/json; charset=UTF-8',
  JSONEachRow: 'application/x-ndjson; charset=UTF-8',
  JSONCompactEachRow: 'application/x-ndjson; charset=UTF-8',
  CSV: 'text/csv; charset=UTF-8; header=absent',
  CSVWithNames: 'text/csv; charset=UTF-8; header=present',
  TabSeparated: 'text/tab-separated-values; charset=UTF-8',
  TSV: 'text/tab-separated-values; charset=UTF-8',
  TabSeparatedWithNames: 'text/tab-separated-values; charset=UTF-8',
};
