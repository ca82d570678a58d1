/** An answer of the server, or of a proxy before it, that is an HTTP error and no exception of ClickHouse. */
export class HttpStatusError extends Error {
  readonly status: number;

  constructor(status: number, body: string) {
    super(`HTTP ${status}${body === '' ? '' : `: ${body.slice(0, 200)}`}`);
    this.name = 'HttpStatusError';
    this.status = status;
  }
}

/** A result that stopped before its end, without a word. */
export class InterruptedResultError extends Error {
  constructor() {
    super('the result ended before its last row');
    this.name = 'InterruptedResultError';
  }
}

/** An answer that is none of ClickHouse, though its status says that all is well. */
export class UnreadableAnswerError extends Error {
  constructor(found: string) {
    super(found);
    this.name = 'UnreadableAnswerError';
  }
}
