import { CsvError, parse } from 'csv-parse/sync';
import { checkColumnNames, invalidHeader } from './column-names.ts';
import { FileError } from './errors.ts';
import type { FileColumn } from './inspect-file.ts';
import { decodeText, type Sample, TEXT, withoutByteOrderMark } from './sample.ts';

const remedy = 'write the file with a first line of column names, separated by commas';

/**
 * The columns of a CSV file, from its first line. Values are text until the engine converts them, so each column is a
 * Nullable(String).
 *
 * @throws {FileError} FILE_HEADER_INVALID when the first line is no header; FILE_FORMAT_UNKNOWN when the separator is
 * no comma
 */
export function csvColumns(path: string, sample: Sample): FileColumn[] {
  const names = readHeader(path, sample);
  const [first = ''] = names;
  const separator = names.length === 1 ? /[;\t|]/.exec(first)?.[0] : undefined;
  if (separator !== undefined) {
    throw new FileError({
      code: 'FILE_FORMAT_UNKNOWN',
      summary: `${path} is not separated by commas.`,
      expected: "',' between columns",
      found: separator === '\t' ? 'tabs' : `'${separator}'`,
      remedy,
    });
  }
  checkColumnNames(path, names);
  if (!names.some((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))) {
    const shown = names.slice(0, 3).join(', ');
    throw invalidHeader(path, {
      expected: 'a first line of column names',
      found: `a first line that looks like data: ${shown.slice(0, 100)}`,
      remedy,
    });
  }
  return names.map((name) => ({ name, type: TEXT }));
}

function readHeader(path: string, sample: Sample): string[] {
  const bytes = withoutByteOrderMark(path, sample.bytes);
  if (bytes.length === 0) {
    throw invalidHeader(path, { expected: 'a first line of column names', found: 'an empty file', remedy });
  }
  // Byte by byte: what is not UTF-8 further down is no matter of the header. A lone \r ends no line, for the engine
  // neither.
  const [line] = parseFirstLine(path, Buffer.from(bytes).toString('latin1'), bytes.length);
  if (line === undefined || (!sample.isWhole && line.raw.length >= bytes.length)) {
    throw invalidHeader(path, {
      expected: `a first line of at most ${bytes.length} bytes`,
      found: 'a longer one',
      remedy,
    });
  }
  return line.record.map((name) => decodeText(path, Buffer.from(name, 'latin1')));
}

function parseFirstLine(path: string, text: string, size: number): { record: string[]; raw: string }[] {
  try {
    return parse(text, {
      to: 1,
      raw: true,
      record_delimiter: ['\n', '\r\n'],
      max_record_size: size,
    }) as unknown as { record: string[]; raw: string }[];
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw invalidHeader(path, {
      expected: 'a first line of column names, quoted with " or not at all',
      found: cause.message,
      remedy,
      cause,
    });
  }
}
