import { parseError } from '@clickhouse/client';
import { InterruptedResultError } from './transport-errors.ts';

/** The eight bytes that end an Arrow stream: a continuation mark and a length of zero. */
const END = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
/** More than an exception's text is long. */
const HELD_BYTES = 256 * 1024;
/** Where an exception's text is looked for, which servers keep shorter. */
const EXCEPTION_BYTES = 16 * 1024;

/** A server's Arrow stream on its way to apache-arrow. */
export interface WholeArrow {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Whether the end was there: apache-arrow takes some other bytes for the end as well. */
  readonly isWhole: () => boolean;
}

/**
 * Lets pass what a server sends, but the last 256 kB only when they end as an Arrow stream does. A server that fails half way
 * has already answered 200, and then writes its exception behind the rows, wherever they end, or just stops; apache-arrow
 * takes that for the end, or for a message: text in the place of a schema keeps it busy for ever.
 *
 * @throws the server's exception, or {@link InterruptedResultError}, from the iteration
 * @example
 * const { chunks, isWhole } = wholeArrow(stream);
 * for await (const batch of await RecordBatchReader.from(chunks)) yield batch;
 * if (!isWhole()) throw new InterruptedResultError();
 */
export function wholeArrow(stream: AsyncIterable<unknown>): WholeArrow {
  let isWhole = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const held: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream) {
      held.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      for (let first = held[0]; first && size - first.length >= HELD_BYTES; first = held[0]) {
        held.shift();
        size -= first.length;
        yield first;
      }
    }
    const rest = Buffer.concat(held);
    if (!rest.subarray(-END.length).equals(END)) throw exceptionIn(rest) ?? new InterruptedResultError();
    isWhole = true;
    yield rest;
  }
  return { chunks: chunks(), isWhole: () => isWhole };
}

/** The exception at the end of a result, in a tagged block (servers since 25.11) or as bare text. */
function exceptionIn(bytes: Buffer): Error | undefined {
  // One character per byte, whatever the rows before are made of.
  const text = bytes.subarray(-EXCEPTION_BYTES).toString('latin1');
  const tagged = /\r\n__exception__\r\n(\w+)\r\n([\s\S]*)\n\d+ \1\r\n__exception__\r\n$/.exec(text)?.[2];
  const message = tagged ?? /(?:Code|Error): \d+\. DB::\w*Exception[\s\S]*$/.exec(text)?.[0];
  return message === undefined ? undefined : parseError(Buffer.from(message, 'latin1').toString('utf8'));
}
