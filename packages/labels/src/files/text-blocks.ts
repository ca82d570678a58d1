import { isAscii, isUtf8 } from 'node:buffer';
import { LabelFileError } from '../errors.ts';

/** A line that is longer was not meant as one. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/**
 * Bytes as text in blocks of whole lines: each but the last one ends with a newline. A byte order mark at the beginning is left out.
 *
 * @throws {LabelFileError} for bytes that are no UTF-8, naming their line, and for a line of more than 16 MB
 */
export async function* textBlocks(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<string> {
  let carried: Uint8Array[] = [];
  let carriedBytes = 0;
  let lines = 0;
  let first = true;
  const decode = (bytes: Buffer): string => {
    const marked = first && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
    const text = marked ? bytes.subarray(3) : bytes;
    if (!isUtf8(text)) throw notUtf8(file, { bytes: text, first, linesBefore: lines });
    first = false;
    lines += countLines(text, text.length);
    return text.toString(isAscii(text) ? 'latin1' : 'utf8');
  };
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield decode(Buffer.concat([...carried, chunk.subarray(0, end)]));
      carried = [];
      carriedBytes = 0;
    }
    if (end === chunk.length) continue;
    carried.push(chunk.slice(end));
    carriedBytes += chunk.length - end;
    if (carriedBytes > MOST_LINE_BYTES) throw tooLong(file, lines + 1);
  }
  if (carriedBytes > 0) yield decode(Buffer.concat(carried));
}

function countLines(bytes: Uint8Array, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && at < end; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}

function tooLong(file: string, line: number): LabelFileError {
  return new LabelFileError({
    file,
    expected: 'lines of at most 16 MB',
    found: `a longer one at line ${line}`,
    remedy: 'see whether the file holds what its name says',
  });
}

/** What files begin with that are often named wrongly. */
const SIGNATURES: readonly (readonly [string, Buffer])[] = [
  ['gzip data', Buffer.from([0x1f, 0x8b])],
  ['zstd data', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['a ZIP archive or an Excel sheet', Buffer.from('PK\u0003\u0004')],
  ['text in UTF-16', Buffer.from([0xff, 0xfe])],
  ['text in UTF-16', Buffer.from([0xfe, 0xff])],
];

function notUtf8(
  file: string,
  {
    bytes,
    first,
    linesBefore,
  }: { readonly bytes: Buffer; readonly first: boolean; readonly linesBefore: number },
): LabelFileError {
  const signature = first && SIGNATURES.find(([, start]) => bytes.subarray(0, start.length).equals(start));
  let [good, bad] = [0, bytes.length];
  // Lines never share a character, so the first bad line is where the bytes up to its end stop being UTF-8.
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, end + 1)) {
    if (!isUtf8(bytes.subarray(good, end))) {
      bad = end;
      break;
    }
    good = end + 1;
  }
  const line = linesBefore + countLines(bytes, Math.min(good, bad)) + 1;
  return new LabelFileError({
    file,
    expected: 'text in UTF-8',
    found: signature ? signature[0] : `bytes that are no UTF-8 in line ${line}`,
    remedy: 'save the file as UTF-8, or rename it by what is in it',
  });
}
