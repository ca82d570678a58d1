import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { rowsBehind } from './insert-from-file.ts';
import { multipartBoundary, readMultipart } from './multipart.ts';
import { readAll } from './request-body.ts';
import type { LogEntry } from './request-log.ts';
import { readStatement, type StatementShape } from './statement.ts';
import type { UrlParameters } from './url-parameters.ts';

/** A request whose statement is known; the rows of an INSERT may still be on their way. */
export interface StatementRequest {
  readonly sql: string;
  readonly shape: StatementShape;
  readonly params: Readonly<Record<string, string>>;
  /** The rows of an INSERT, when they are the body. */
  readonly rows: Readable | undefined;
}

/**
 * Reads as much of a request as it takes to know its statement, and notes it in the log.
 *
 * @param parts the address, the headers and the body, which is left alone when it is the rows of an INSERT
 *
 * @throws {ClickHouseException} when it cannot be read or is refused
 */
export async function readStatementRequest(
  parts: {
    readonly url: UrlParameters;
    readonly headers: IncomingHttpHeaders;
    readonly body: Readable;
  },
  entry: LogEntry,
): Promise<StatementRequest> {
  const { url, body } = parts;
  entry.query = url.query;
  const boundary = multipartBoundary(parts.headers['content-type']);
  if (boundary !== undefined) {
    const form = readMultipart(await readAll(body), boundary);
    const params = { ...url.params, ...paramsOf(form) };
    entry.params = params;
    return statement(url.query + (form.get('query') ?? ''), params, entry);
  }
  if (url.query !== '') {
    const shape = readStatement(url.query);
    if (shape.insert !== undefined && rowsBehind(url.query, shape.insert) === '') {
      return { sql: url.query, shape, params: url.params, rows: body };
    }
  }
  const rest = (await readAll(body)).toString('utf8');
  return statement(
    url.query === '' || rest === '' ? url.query + rest : `${url.query}\n${rest}`,
    url.params,
    entry,
  );
}

function statement(sql: string, params: Readonly<Record<string, string>>, entry: LogEntry): StatementRequest {
  entry.query = sql;
  const shape = readStatement(sql);
  // The log keeps statements, not the rows behind them.
  if (shape.insert !== undefined) entry.query = sql.slice(0, shape.insert.formatClause.end);
  return { sql, shape, params, rows: undefined };
}

function paramsOf(form: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    [...form]
      .filter(([name]) => name.startsWith('param_'))
      .map(([name, value]) => [name.slice('param_'.length), value]),
  );
}
