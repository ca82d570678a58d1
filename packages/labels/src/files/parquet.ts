import { isUtf8 } from 'node:buffer';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { RiskScoringError } from '@risk-scoring/contract';
import { type Compressors, parquetMetadata, parquetScan, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { LabelFileError } from '../errors.ts';
import type { RowTarget } from './csv.ts';
import { tooLarge } from './decompress.ts';
import { checkColumns, FIELDS, fieldOfColumn } from './file-columns.ts';

/**
 * Reads Parquet, one row group after the other and only the columns that mean something.
 *
 * @param chunks the whole file; it is held in memory
 * @returns the columns of the file
 * @throws {LabelFileError} when it is no whole Parquet file, its columns cannot be used, or it holds more than `maxBytes`
 */
export async function readParquet(
  chunks: AsyncIterable<Uint8Array>,
  target: RowTarget,
  { maxBytes, pause }: { readonly maxBytes: number; readonly pause: () => void },
): Promise<string[]> {
  const { file } = target;
  const bytes = await collect(chunks);
  try {
    return await readRowGroups(bytes, target, { maxBytes, pause });
  } catch (error) {
    if (RiskScoringError.isInstance(error)) throw error;
    const { message } = error as Error;
    throw new LabelFileError({
      file,
      expected: 'a whole Parquet file',
      found: /PAR1|too short/.test(message)
        ? 'a file that is cut off, or no Parquet'
        : `one that cannot be decoded: ${message}`,
      remedy: 'write or fetch the file again',
      cause: error,
    });
  }
}

async function readRowGroups(
  bytes: ArrayBuffer,
  { file, builder }: RowTarget,
  { maxBytes, pause }: { readonly maxBytes: number; readonly pause: () => void },
): Promise<string[]> {
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  const total = metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
  if (total > maxBytes) throw tooLarge(file, maxBytes);
  const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (rows !== Number(metadata.num_rows))
    throw new Error(`${rows} rows in its groups where it says ${metadata.num_rows}`);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  checkColumns(file, columns);

  const wanted = columns.filter((name) => fieldOfColumn(name) >= 0);
  const places = new Int32Array(FIELDS.length).fill(-1);
  wanted.forEach((name, place) => {
    places[fieldOfColumn(name)] = place;
  });
  const scan = await parquetScan({
    file: { byteLength: bytes.byteLength, slice: (from, to) => bytes.slice(from, to) },
    metadata,
    columns: wanted,
    compressors: limitedCompressors(() => tooLarge(file, maxBytes), maxBytes),
    parsers: { stringFromBytes: decodeText },
    geoparquet: false,
  });
  const cells = new Array<unknown>(wanted.length);
  for (const { rowStart, rowEnd } of scan.ranges) {
    const values: ArrayLike<unknown>[] = [];
    for (const column of wanted) {
      pause();
      const data = await scan.readColumn({ column, rowStart, rowEnd });
      if (data.length !== rowEnd - rowStart)
        throw new Error(`${data.length} values of ${column} for ${rowEnd - rowStart} rows`);
      values.push(data as ArrayLike<unknown>);
    }
    for (let row = rowStart; row < rowEnd; row++) {
      for (let place = 0; place < cells.length; place++) cells[place] = values[place]?.[row - rowStart];
      builder.add(row + 1, cells, places);
    }
  }
  return columns;
}

/** Decoders that stop before they have made more bytes than the file may hold; Node's own where it has them. */
function limitedCompressors(refusal: () => Error, maxBytes: number): Compressors {
  let bytes = 0;
  const all: Compressors = {
    ...compressors,
    GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(length, 1) }),
    BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(length, 1) }),
  };
  return Object.fromEntries(
    Object.entries(all).map(([codec, decode]) => [
      codec,
      (input: Uint8Array, length: number) => {
        bytes += length;
        if (bytes > maxBytes) throw refusal();
        return decode(input, length);
      },
    ]),
  );
}

function decodeText(bytes: Uint8Array): string {
  if (bytes === undefined) return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  // What is no UTF-8 decodes to this character, which may also be meant.
  if (text.includes('\ufffd') && !isUtf8(bytes)) throw new Error('bytes that are no UTF-8');
  return text;
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(new ArrayBuffer(length));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole.buffer;
}
