import path from 'node:path';
import { csvColumns } from './csv-header.ts';
import { type Compression, type FileFormat, fileFormatOf } from './file-format.ts';
import { ndjsonColumns } from './ndjson-keys.ts';
import { readParquetFooter } from './parquet-footer.ts';
import { plainBytes } from './plain-bytes.ts';
import { statRegularFile } from './regular-file.ts';
import { SAMPLE_BYTES, type Sample } from './sample.ts';
import { unpack } from './unpack.ts';

/** A column of a file. */
export interface FileColumn {
  readonly name: string;
  /**
   * ClickHouse's type of it as the file holds it: `'UInt16'`, `'Nullable(String)'`, `'Decimal(38, 18)'`,
   * `"DateTime64(3, 'UTC')"`. Text formats hold text, so their columns are `'Nullable(String)'`. `'Tuple'`, `'Map'`
   * and `'Unknown(…)'` stand for what no table has.
   */
  readonly type: string;
}

/** A local file, as an engine reads it. */
export interface StoredFile {
  /** Where to read it, absolute: a decompressed copy where the format needs one, else {@link source}. */
  readonly path: string;
  /** The file that was asked for, absolute, for messages. */
  readonly source: string;
  /** ClickHouse's name of it. */
  readonly format: string;
  /** Of the file at {@link path}. */
  readonly compression: Compression;
  /** Size of the file at {@link path}, on disk. */
  readonly bytes: number;
  /** Size decompressed, counted; undefined for Parquet, which is compressed inside. */
  readonly plainBytes: number | undefined;
}

/** What is known of a file before any row of it is read. */
export interface InspectedFile extends StoredFile {
  readonly format: FileFormat;
  readonly columns: readonly FileColumn[];
  /** Known for Parquet. */
  readonly rows: number | undefined;
  /** Removes the copy, if there is one. Call it when the file is done with; calling it again does nothing. */
  dispose(): Promise<void>;
}

/** Options of {@link inspectFile}. */
export interface InspectOptions {
  /**
   * How many bytes a compressed file may hold: decompressed, or in the columns of a Parquet file. Uncompressed text
   * has no limit.
   */
  readonly maxPlainBytes: number;
  readonly signal?: AbortSignal;
  /** Hears how many bytes each read took from disk. */
  readonly onBytes?: (n: number) => void;
}

/**
 * Finds out what a file holds without the engine, in bounded memory: its columns and, for Parquet, its rows. Of
 * Parquet the footer is read, of uncompressed text the first MiB; a compressed file is decompressed once from
 * beginning to end, which shows whether it is whole. Compressed Parquet is decompressed into a temporary file.
 *
 * @throws {FileError} FILE_FORMAT_UNKNOWN, FILE_UNREADABLE, FILE_TRUNCATED, FILE_TOO_LARGE, FILE_HEADER_INVALID,
 * FILE_NOT_REGULAR
 * @throws {CancelledError} when the signal aborts
 * @example
 * const file = await inspectFile('raw_alerts.csv.gz', { maxPlainBytes: 10 * 2 ** 30 });
 * try { file.columns; openPlain(file); } finally { await file.dispose(); }
 */
export async function inspectFile(name: string, options: InspectOptions): Promise<InspectedFile> {
  const source = path.resolve(name);
  const { format, compression } = fileFormatOf(source);
  if (format === 'Parquet') return inspectParquet(source, compression, options);

  const bytes = await statRegularFile(source);
  const { sample, plainBytes } = await readText(source, compression, options);
  const columns = format === 'CSVWithNames' ? csvColumns(source, sample) : ndjsonColumns(source, sample);
  return {
    path: source,
    source,
    format,
    compression,
    columns,
    rows: undefined,
    bytes,
    plainBytes: plainBytes ?? bytes,
    dispose: async () => {},
  };
}

async function inspectParquet(
  source: string,
  compression: Compression,
  options: InspectOptions,
): Promise<InspectedFile> {
  const { path: file, dispose } = await unpacked(source, compression, options);
  try {
    const { columns, rows } = await readParquetFooter({ path: file, source }, options);
    const bytes = await statRegularFile(file);
    return {
      path: file,
      source,
      format: 'Parquet',
      compression: 'none',
      columns,
      rows,
      bytes,
      plainBytes: undefined,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function unpacked(source: string, compression: Compression, options: InspectOptions) {
  if (compression === 'none') return { path: source, dispose: async () => {} };
  return unpack(
    { path: source, compression },
    {
      signal: options.signal,
      maxPlainBytes: options.maxPlainBytes,
      tap: (chunk) => options.onBytes?.(chunk.length),
    },
  );
}

/** The beginning of a text, and its size where it had to be decompressed to be known. */
async function readText(
  source: string,
  compression: Compression,
  options: InspectOptions,
): Promise<{ sample: Sample; plainBytes: number | undefined }> {
  const parts: Uint8Array[] = [];
  let total = 0;
  const content = plainBytes(
    { path: source, compression },
    {
      signal: options.signal,
      maxPlainBytes: options.maxPlainBytes,
      tap: (chunk) => options.onBytes?.(chunk.length),
    },
  );
  for await (const chunk of content) {
    if (total < SAMPLE_BYTES) parts.push(chunk.subarray(0, SAMPLE_BYTES - total));
    total += chunk.length;
    if (compression === 'none' && total > SAMPLE_BYTES) break;
  }
  return {
    sample: { bytes: Buffer.concat(parts), isWhole: total <= SAMPLE_BYTES },
    plainBytes: compression === 'none' ? undefined : total,
  };
}
