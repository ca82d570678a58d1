/** What a ClickHouse server says when a request fails. */
export class ClickHouseException extends Error {
  readonly code: number;
  readonly type: string;

  constructor(parts: { code: number; type: string; text: string; cause?: unknown }) {
    super(parts.text, { cause: parts.cause });
    this.name = 'ClickHouseException';
    this.code = parts.code;
    this.type = parts.type;
  }
}

/**
 * The exception in what the engine threw. The engine's text may repeat the code in front and the type behind, once
 * for each layer that it passed through; a server's text has each once.
 *
 * @example
 * readException(new Error('Code: 60. DB::Exception: There is no t. (UNKNOWN_TABLE)')).type; // 'UNKNOWN_TABLE'
 */
export function readException(error: unknown): ClickHouseException {
  if (error instanceof ClickHouseException) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = Number(/^Code: (\d+)\. DB::Exception: /.exec(message)?.[1] ?? 1001);
  let text = message.replace(/^(?:Code: \d+\. DB::(?:\w+::)?Exception: )+/, '');
  let type = 'STD_EXCEPTION';
  for (;;) {
    const tail = /\s*(?:\(([A-Z][A-Z0-9_]+)\)|\(version [^()]*(?:\([^()]*\))?\))\.?\s*$/.exec(text);
    if (tail === null) break;
    type = tail[1] ?? type;
    text = text.slice(0, tail.index);
  }
  return new ClickHouseException({ code, type, text, cause: error });
}

/** The body of an error answer: `Code: 60. DB::Exception: … (UNKNOWN_TABLE) (version 26.7.2.1 (official build))`. */
export function exceptionText(exception: ClickHouseException, version: string): string {
  const { code, type, message } = exception;
  return `Code: ${code}. DB::Exception: ${message} (${type}) (version ${version} (official build))`;
}

/**
 * The HTTP status that a server gives to an exception (ClickHouse, src/Server/HTTP/exceptionCodeToHTTPStatus.cpp),
 * with one difference: 202 TOO_MANY_SIMULTANEOUS_QUERIES is 503, as behind a load balancer, where servers say 500.
 */
export function httpStatus(code: number): number {
  return statusOfCode.get(code) ?? 500;
}

const codesOfStatus: Readonly<Record<number, readonly number[]>> = {
  400: [
    6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675,
    676,
  ],
  401: [194],
  403: [192, 193, 497, 512, 516],
  404: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511],
  408: [159],
  411: [381],
  413: [229],
  415: [779],
  501: [48],
  503: [76, 202, 209, 439],
};
const statusOfCode = new Map(
  Object.entries(codesOfStatus).flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status)] as const),
  ),
);
