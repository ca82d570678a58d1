import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Table, tableToIPC } from 'apache-arrow';
import { Compression, Table as ParquetTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';

/** Runs something with a function that writes files into a folder of its own, which is removed afterwards. */
export async function withFiles<T>(
  run: (write: (name: string, content: string | Uint8Array) => Promise<string>, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'label-files-'));
  try {
    return await run(async (name, content) => {
      const file = path.join(folder, name);
      await writeFile(file, content);
      return file;
    }, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The compressions that a file may have, by the ending of its name. */
export const COMPRESSORS: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  '': (bytes) => bytes,
  '.gz': (bytes) => gzipSync(bytes),
  '.zst': zstdFrame,
};

/** The compressions within Parquet that tests cover. */
export const PARQUET_COMPRESSIONS = {
  none: Compression.UNCOMPRESSED,
  snappy: Compression.SNAPPY,
  gzip: Compression.GZIP,
  brotli: Compression.BROTLI,
  zstd: Compression.ZSTD,
  lz4: Compression.LZ4_RAW,
} as const;

/** A table as the bytes of a Parquet file. */
export function parquetOf(
  table: Table,
  compression: keyof typeof PARQUET_COMPRESSIONS = 'zstd',
  rowGroupRows = 1000,
): Uint8Array {
  const properties = new WriterPropertiesBuilder()
    .setCompression(PARQUET_COMPRESSIONS[compression])
    .setMaxRowGroupSize(rowGroupRows)
    .build();
  return writeParquet(ParquetTable.fromIPCStream(tableToIPC(table, 'stream')), properties);
}

/** Bytes as a zstd frame of raw blocks and no checksum (RFC 8878, section 3.1.1): Node 20 decompresses no zstd and compresses none. */
export function zstdFrame(bytes: Uint8Array): Uint8Array {
  const most = 100_000;
  // Magic number; a descriptor with nothing set; a window of 1 MiB.
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 10 << 3)];
  for (let from = 0; from === 0 || from < bytes.length; from += most) {
    const block = bytes.subarray(from, from + most);
    const isLast = from + most >= bytes.length ? 1 : 0;
    const header = (block.length << 3) | isLast;
    parts.push(Uint8Array.of(header & 255, (header >> 8) & 255, header >> 16), block);
  }
  return Buffer.concat(parts);
}
