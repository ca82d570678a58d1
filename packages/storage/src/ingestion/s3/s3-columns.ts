import type { Database } from '../../database.ts';
import { checkColumnNames } from '../files/column-names.ts';
import { csvColumns } from '../files/csv-header.ts';
import { tooLarge } from '../files/errors.ts';
import type { Compression, FileColumn, FileFormat } from '../files/index.ts';
import { ndjsonColumns } from '../files/ndjson-keys.ts';
import { SAMPLE_BYTES } from '../files/sample.ts';
import { type S3Location, s3Arguments } from './s3-location.ts';
import { readS3, s3Settings } from './s3-object.ts';

/** What is known of an object's rows before any of them is taken. */
export interface S3Content {
  readonly columns: readonly FileColumn[];
  /** Known for Parquet. */
  readonly rows: number | undefined;
}

/** An object and what its name says of it. */
export interface S3File {
  readonly location: S3Location;
  readonly format: FileFormat;
  readonly compression: Compression;
}

/** Lines of a text that are looked at for its columns; a CSV's header may itself hold line ends. */
const SAMPLE_LINES = 100;

/**
 * The columns of an object, read by the engine: of Parquet from its footer, of text from its first lines, as of local files.
 *
 * @throws {SnapshotError} when it cannot be read
 * @throws {FileError} when it holds more than `maxPlainBytes`, or does not say which columns it has
 */
export async function inspectObject(
  database: Database,
  file: S3File,
  { maxPlainBytes }: { readonly maxPlainBytes: number },
): Promise<S3Content> {
  if (file.compression !== 'none') await refuseBomb(database, file, maxPlainBytes);
  if (file.format !== 'Parquet') return { columns: await textColumns(database, file), rows: undefined };
  const { location, compression } = file;
  const from = (format: string) => ({
    text: `s3(${s3Arguments(location)}, '${format}', 'auto', {s3_compression:String})`,
    params: { s3_compression: compression },
  });
  const footer = from('ParquetMetadata');
  const [summary] = await readS3<{ rows: number; bytes: number }>(database, location, {
    sql: `SELECT toFloat64(num_rows) AS rows, toFloat64(total_uncompressed_size) AS bytes FROM ${footer.text}`,
    params: footer.params,
    settings: { ...s3Settings },
    doing: `reading the footer of ${location.shown}`,
  });
  if (summary !== undefined && summary.bytes > maxPlainBytes) {
    throw tooLarge(location.shown, `columns of ${summary.bytes} bytes, as its footer says`, maxPlainBytes);
  }
  const schema = from('Parquet');
  const columns = await readS3<FileColumn>(database, location, {
    sql: `DESCRIBE TABLE ${schema.text}`,
    params: schema.params,
    settings: { ...s3Settings },
    doing: `reading the columns of ${location.shown}`,
  });
  checkColumnNames(
    location.shown,
    columns.map(({ name }) => name),
  );
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows: summary?.rows };
}

async function textColumns(
  database: Database,
  { location, format, compression }: S3File,
): Promise<FileColumn[]> {
  const lines = await readS3<{ line: string }>(database, location, {
    sql: `SELECT substring(line, 1, ${SAMPLE_BYTES}) AS line
FROM s3(${s3Arguments(location)}, 'LineAsString', 'line String', {s3_compression:String})
LIMIT ${SAMPLE_LINES}`,
    params: { s3_compression: compression },
    settings: { ...s3Settings },
    doing: `reading the columns of ${location.shown}`,
  });
  const isWhole = lines.length < SAMPLE_LINES;
  const bytes = Buffer.from(lines.map(({ line }) => line).join('\n') + (isWhole ? '' : '\n'));
  const sample = { bytes, isWhole };
  return format === 'CSVWithNames'
    ? csvColumns(location.shown, sample)
    : ndjsonColumns(location.shown, sample);
}

/** The engine has no limit on what it decompresses, so the bytes are counted first, up to the limit and no further. */
async function refuseBomb(
  database: Database,
  { location, compression }: S3File,
  maxPlainBytes: number,
): Promise<void> {
  const [beyond] = await readS3(database, location, {
    sql: `SELECT total
FROM (
    SELECT sum(length(line) + 1) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS total
    FROM s3(${s3Arguments(location)}, 'LineAsString', 'line String', {s3_compression:String})
)
WHERE total > {max_bytes:UInt64} + 1
LIMIT 1`,
    params: { s3_compression: compression, max_bytes: maxPlainBytes },
    settings: { ...s3Settings, max_memory_usage: LINE_MEMORY },
    doing: `decompressing ${location.shown}`,
  });
  if (beyond !== undefined) throw tooLarge(location.shown, 'more than that', maxPlainBytes);
}

/** A single line may take so much memory. */
const LINE_MEMORY = `${1024 ** 3}`;
