import { tableToIPC } from 'apache-arrow';
import { Compression, Table as WasmTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import { toArrow } from './arrow.ts';
import type { Table } from './table.ts';

/**
 * A table as the bytes of a Parquet file, zstd-compressed. The same table always gives the same bytes.
 *
 * @param table columns of equal length, filled
 */
export function toParquet(table: Table): Uint8Array {
  const wasmTable = WasmTable.fromIPCStream(tableToIPC(toArrow(table), 'stream'));
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.ZSTD)
    // Nearly every text and amount is different: dictionaries cost time and save nothing.
    .setDictionaryEnabled(false)
    .setCreatedBy('risk-scoring simulator')
    .build();
  return writeParquet(wasmTable, properties);
}
