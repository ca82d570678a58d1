import type { FileHandle } from 'node:fs/promises';
import { throwIfCancelled } from '@risk-scoring/contract';
import { parquetMetadata, parquetSchema } from 'hyparquet';
import { checkColumnNames } from './column-names.ts';
import { corrupt, FileError, messageOf, tooLarge, truncated, unreadable } from './errors.ts';
import type { FileColumn } from './inspect-file.ts';
import { walkFooter } from './parquet-metadata.ts';
import { parquetColumnType } from './parquet-types.ts';
import { openRegularFile } from './regular-file.ts';
import { ThriftError } from './thrift-reader.ts';

const MAGIC = 'PAR1';
const ENCRYPTED_MAGIC = 'PARE';
/** Length of the footer and magic, at the end. */
const TAIL = 8;
/** Some hundred thousand column chunks; a footer is read whole. */
const MAX_FOOTER = 64 * 1024 * 1024;

/** What the footer of a Parquet file says. */
export interface ParquetSummary {
  readonly columns: readonly FileColumn[];
  readonly rows: number;
}

/**
 * The columns and rows of a Parquet file, from its footer: nothing else of the file is read.
 *
 * @param file `source` is its name in messages
 * @param options `maxPlainBytes` bounds what the columns say they take uncompressed
 * @throws {FileError} FILE_FORMAT_UNKNOWN (no Parquet), FILE_TRUNCATED, FILE_UNREADABLE (damaged, encrypted),
 * FILE_TOO_LARGE, FILE_HEADER_INVALID (column names), FILE_NOT_REGULAR
 * @throws {CancelledError} when the signal aborts
 */
export async function readParquetFooter(
  file: { readonly path: string; readonly source: string },
  options: {
    readonly maxPlainBytes: number;
    readonly signal?: AbortSignal | undefined;
    readonly onBytes?: ((n: number) => void) | undefined;
  },
): Promise<ParquetSummary> {
  const { source } = file;
  throwIfCancelled(options.signal, `reading ${source}`);
  const { handle, bytes } = await openRegularFile(file.path);
  try {
    const read = async (position: number, length: number) => {
      const found = await readRange(handle, position, length).catch((cause: unknown) => {
        throw unreadable(source, cause);
      });
      options.onBytes?.(found.length);
      if (found.length < length)
        throw truncated(source, `${position + found.length} bytes, where there were ${bytes}`);
      return found;
    };
    return await summarise(source, { bytes, read, maxPlainBytes: options.maxPlainBytes });
  } finally {
    await handle.close();
  }
}

interface Source {
  readonly bytes: number;
  readonly read: (position: number, length: number) => Promise<Buffer>;
  readonly maxPlainBytes: number;
}

async function summarise(path: string, source: Source): Promise<ParquetSummary> {
  const footerLength = await findFooter(path, source);
  const footerAt = source.bytes - TAIL - footerLength;
  const footer = await source.read(footerAt, footerLength);
  try {
    const { schema, rows, plainBytes, isEncrypted } = walkFooter(footer, footerAt);
    if (isEncrypted) throw encrypted(path);
    if (plainBytes > source.maxPlainBytes) {
      throw tooLarge(path, `columns of ${plainBytes} bytes, as its footer says`, source.maxPlainBytes);
    }
    const columns = columnsOf(schema);
    checkColumnNames(
      path,
      columns.map((column) => column.name),
    );
    return { columns, rows };
  } catch (error) {
    if (error instanceof FileError) throw error;
    const found =
      error instanceof ThriftError ? error.message : `a schema that cannot be read: ${messageOf(error)}`;
    throw corrupt(path, `a footer with ${found}`, error);
  }
}

/** The length of the footer, after what stands at both ends was checked. */
async function findFooter(path: string, { bytes, read }: Source): Promise<number> {
  const head = await read(0, Math.min(bytes, MAGIC.length));
  const begins = head.toString('latin1');
  if (bytes > 0 && begins !== MAGIC && begins !== ENCRYPTED_MAGIC) {
    throw new FileError({
      code: 'FILE_FORMAT_UNKNOWN',
      summary: `${path} is no Parquet file.`,
      expected: `'${MAGIC}' at its beginning and end`,
      found: `${show(head)} at its beginning`,
      remedy: 'check what the file is, and name it by its format',
    });
  }
  if (bytes < MAGIC.length + TAIL) throw truncated(path, `${bytes} bytes, too few for Parquet`);
  const tail = await read(bytes - TAIL, TAIL);
  const ends = tail.toString('latin1', 4);
  if (ends === ENCRYPTED_MAGIC) throw encrypted(path);
  if (ends !== MAGIC)
    throw truncated(path, `${show(tail.subarray(4))} at its end, where '${MAGIC}' should be`);
  const length = tail.readUInt32LE(0);
  if (length > bytes - MAGIC.length - TAIL) {
    throw truncated(path, `a footer of ${length} bytes in a file of ${bytes}`);
  }
  if (length > MAX_FOOTER) throw corrupt(path, `a footer of ${length} bytes, more than ${MAX_FOOTER}`);
  return length;
}

/** hyparquet reads the schema from a footer that holds nothing else: names, types and nesting. */
function columnsOf(schema: Uint8Array): FileColumn[] {
  // FileMetaData: field 2 the schema, field 3 no rows, field 4 no row groups, the end; then its length and the magic.
  const rest = [0x16, 0x00, 0x19, 0x0c, 0x00];
  const footer = Buffer.concat([Uint8Array.of(0x29), schema, Uint8Array.from(rest)]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  const file = Buffer.concat([footer, length, Buffer.from(MAGIC)]);
  const metadata = parquetMetadata(new Uint8Array(file), { geoparquet: false });
  const root = parquetSchema(metadata);
  if (root.count !== metadata.schema.length)
    throw new ThriftError(`${metadata.schema.length} columns for ${root.count}`);
  return root.children.map((column) => ({ name: column.element.name, type: parquetColumnType(column) }));
}

async function readRange(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

function encrypted(path: string): FileError {
  return new FileError({
    code: 'FILE_UNREADABLE',
    summary: `${path} is encrypted.`,
    expected: 'Parquet without encryption',
    found: 'encrypted columns or footer',
    remedy: 'write the file again without encryption',
  });
}

function show(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? `'${text}'` : `the bytes ${Buffer.from(bytes).toString('hex')}`;
}
