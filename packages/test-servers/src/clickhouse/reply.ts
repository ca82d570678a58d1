import { randomBytes } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { answerHeaders, type ServerFacts } from './answer-headers.ts';
import { type ClickHouseException, exceptionText, httpStatus } from './exception.ts';
import type { LogEntry, Outcome } from './request-log.ts';

/** One exchange: a request, its place in the log, and the short ways to end it. */
export class Reply {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: LogEntry;
  /** Marks an exception in mid-stream; 16 letters and digits, as a server's. */
  readonly exceptionTag: string | undefined;
  readonly #server: ServerFacts;
  #body: Readable;

  constructor(
    exchange: { request: IncomingMessage; response: ServerResponse; entry: LogEntry },
    options: { server: ServerFacts; hasExceptionTag: boolean },
  ) {
    this.request = exchange.request;
    this.response = exchange.response;
    this.entry = exchange.entry;
    this.#server = options.server;
    this.#body = exchange.request;
    this.exceptionTag = options.hasExceptionTag ? randomBytes(8).toString('hex') : undefined;
  }

  /** Who reads the request now: what is left of it must be taken before the client reads a short answer. */
  readThrough(body: Readable): Readable {
    this.#body = body;
    return body;
  }

  /** The headers of an answer in this format. */
  headers(format: string): OutgoingHttpHeaders {
    return answerHeaders(this.#server, {
      queryId: this.entry.queryId,
      format,
      exceptionTag: this.exceptionTag,
    });
  }

  /** A short answer. */
  send(outcome: Outcome, status: number, answer: { headers: OutgoingHttpHeaders; text: string }): void {
    this.entry.outcome = outcome;
    this.#body.resume();
    this.response.writeHead(status, answer.headers).end(answer.text);
  }

  /** An exception as an error answer. */
  refuse(exception: ClickHouseException, outcome: Outcome = 'refused'): void {
    this.entry.code = exception.code;
    this.send(outcome, httpStatus(exception.code), {
      headers: {
        ...this.headers('TabSeparated'),
        'Content-Type': 'text/plain; charset=UTF-8',
        'X-ClickHouse-Exception-Code': exception.code,
      },
      text: `${exceptionText(exception, this.#server.version)}\n`,
    });
  }

  /** No answer: the connection breaks. */
  drop(outcome: Outcome): void {
    this.entry.outcome = outcome;
    this.request.socket.destroy();
  }
}
