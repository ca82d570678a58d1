import { FileError } from './errors.ts';

/** A format, by ClickHouse's name of it. */
export type FileFormat = 'Parquet' | 'CSVWithNames' | 'JSONEachRow';

/** What is wrapped around the whole file. */
export type Compression = 'none' | 'gzip' | 'zstd';

const formats: ReadonlyMap<string, FileFormat> = new Map([
  ['parquet', 'Parquet'],
  ['csv', 'CSVWithNames'],
  ['ndjson', 'JSONEachRow'],
  ['jsonl', 'JSONEachRow'],
]);

const compressions: ReadonlyMap<string, Compression> = new Map([
  ['gz', 'gzip'],
  ['zst', 'zstd'],
]);

/**
 * What a file holds, by the end of its name; upper and lower case count the same.
 *
 * @throws {FileError} FILE_FORMAT_UNKNOWN for any other name
 * @example
 * fileFormatOf('raw_alerts.csv.gz'); // { format: 'CSVWithNames', compression: 'gzip' }
 */
export function fileFormatOf(path: string): { format: FileFormat; compression: Compression } {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const [, stem = '', format = '', suffix] =
    /^(.*)\.(parquet|csv|ndjson|jsonl)(?:\.(gz|zst))?$/is.exec(name) ?? [];
  const found = formats.get(format.toLowerCase());
  if (found === undefined || stem === '') {
    throw new FileError({
      code: 'FILE_FORMAT_UNKNOWN',
      summary: `The name of ${path} does not say what the file holds.`,
      expected:
        'a name that ends in .parquet, .csv, .ndjson or .jsonl, and .gz or .zst after it if compressed',
      found: `'${name}'`,
      remedy: 'rename the file, or convert it to one of these formats',
    });
  }
  return { format: found, compression: compressions.get(suffix?.toLowerCase() ?? '') ?? 'none' };
}
