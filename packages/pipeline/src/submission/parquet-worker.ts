import { parentPort, workerData } from 'node:worker_threads';
import { tableFromIPC } from 'apache-arrow';
import { ParquetFile } from 'parquet-wasm';

/** What the thread is given. */
export interface ParquetTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The columns to read, where the file has them. */
  readonly wanted: readonly string[];
  /** Bytes that the wanted columns may be in all without compression. */
  readonly mostBytes: number;
}

/** What the thread says, in this order: the columns, each row group, the end. */
export type ParquetMessage =
  | { readonly kind: 'columns'; readonly columns: readonly string[] }
  | { readonly kind: 'too large'; readonly bytes: number }
  | { readonly kind: 'rows'; readonly ipc: Uint8Array }
  | { readonly kind: 'end' };

const { bytes, wanted, mostBytes } = workerData as ParquetTask;
const say = (message: ParquetMessage) => parentPort?.postMessage(message);

// Decoding damaged bytes may end in a trap that no promise tells of. In a thread of its own that is the end of the thread.
const file = await ParquetFile.fromFile(new Blob([bytes]));
const columns = tableFromIPC(file.schema().intoIPCStream()).schema.fields.map(({ name }) => name);
say({ kind: 'columns', columns });
const metadata = file.metadata();
const groups = Array.from({ length: metadata.numRowGroups() }, (_, group) => metadata.rowGroup(group));
const read = columns.filter((name) => wanted.includes(name));
const size = groups
  .flatMap((group) => group.columns())
  .filter((column) => read.includes(column.columnPath()[0] ?? ''))
  .reduce((sum, column) => sum + column.uncompressedSize(), 0);
if (size > mostBytes) say({ kind: 'too large', bytes: size });
else {
  for (const group of groups.keys()) {
    const table = await file.read({ rowGroups: [group], columns: read });
    say({ kind: 'rows', ipc: table.intoIPCStream() });
  }
  say({ kind: 'end' });
}
