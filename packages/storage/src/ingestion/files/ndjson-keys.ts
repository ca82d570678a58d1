import { checkColumnNames, invalidHeader } from './column-names.ts';
import { messageOf } from './errors.ts';
import type { FileColumn } from './inspect-file.ts';
import { decodeText, type Sample, TEXT, withoutByteOrderMark } from './sample.ts';

const MAX_LINES = 1000;
const NEWLINE = 0x0a;
const remedy = 'write one JSON object per line, {"column": value, …}';

/**
 * The columns of an NDJSON file: the keys of its first 1000 lines (or first MiB), by first appearance. A row with a
 * key that is seen only later is refused by the engine, under the settings of `textSettings`.
 *
 * @throws {FileError} FILE_HEADER_INVALID for a line that is no object, or lines without keys
 */
export function ndjsonColumns(path: string, sample: Sample): FileColumn[] {
  const names = new Set<string>();
  let number = 0;
  for (const line of linesOf(path, sample)) {
    number += 1;
    if (number > MAX_LINES) break;
    const text = decodeText(path, line);
    if (text.trim() === '') continue;
    for (const key of Object.keys(parseObject(path, text, number))) names.add(key);
  }
  checkColumnNames(path, [...names]);
  return [...names].map((name) => ({ name, type: TEXT }));
}

/** The lines that the sample holds whole. */
function* linesOf(path: string, sample: Sample): Generator<Uint8Array> {
  const bytes = withoutByteOrderMark(path, sample.bytes);
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
  if (sample.isWhole) yield bytes.subarray(start);
  else if (start === 0) {
    throw invalidHeader(path, {
      expected: `a first line of at most ${bytes.length} bytes`,
      found: 'a longer one',
      remedy,
    });
  }
}

function parseObject(path: string, text: string, number: number): object {
  const refuse = (found: string, cause?: unknown) =>
    invalidHeader(path, {
      expected: 'one JSON object per line',
      found: `${found} in line ${number}`,
      remedy,
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse(text.trimStart().startsWith('[') ? 'the beginning of a list' : messageOf(cause), cause);
  }
  if (Array.isArray(value)) throw refuse('a list');
  if (typeof value !== 'object' || value === null)
    throw refuse(`a ${value === null ? 'null' : typeof value}`);
  return value;
}
