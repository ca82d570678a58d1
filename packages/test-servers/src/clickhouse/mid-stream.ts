import type { Ending } from './answer-body.ts';
import { ClickHouseException, exceptionText } from './exception.ts';
import type { BodyFault, Faults } from './faults.ts';
import type { UrlParameters } from './url-parameters.ts';

/** What a query says that fails in the middle. */
export const midStreamException = new ClickHouseException({
  code: 395,
  type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
  text: "Value passed to 'throwIf' function is non-zero: while executing function throwIf",
});

/** How a body ends that is to go wrong. */
export function faultyEnding(
  fault: BodyFault | undefined,
  options: {
    readonly style: Faults['midStreamStyle'];
    readonly tag: string | undefined;
    readonly version: string;
    readonly format: string;
    readonly url: UrlParameters;
  },
): Ending {
  if (fault === undefined) return { kind: 'whole' };
  const { afterBytes } = fault;
  if (fault.kind === 'stall') return { kind: 'stall', afterBytes };
  if (fault.kind === 'truncate' || options.style === 'abort') return { kind: 'cut', afterBytes };
  const message = exceptionText(midStreamException, options.version);
  if (options.tag !== undefined)
    return { kind: 'replace', afterBytes, by: taggedBlock(message, options.tag) };
  const isJson = options.url.wantsExceptionInFormat && options.format === 'JSONEachRow';
  return {
    kind: 'replace',
    afterBytes,
    by: isJson ? `${JSON.stringify({ exception: message })}\n` : message,
  };
}

/**
 * The block behind a body that a server's exception cut short, marked by the tag of the answer's header. The length
 * counts the message's bytes and its line end.
 */
function taggedBlock(message: string, tag: string): string {
  const length = Buffer.byteLength(message) + 1;
  return `\r\n__exception__\r\n${tag}\r\n${message}\n${length} ${tag}\r\n__exception__\r\n`;
}
