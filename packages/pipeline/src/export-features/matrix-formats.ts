import {
  AsyncByteQueue,
  type RecordBatch,
  RecordBatchFileWriter,
  type Schema,
  Table,
  tableToIPC,
} from 'apache-arrow';

/** Rows of a row group: what a reader of a Parquet file, and its writer, hold at once. */
const ROW_GROUP_ROWS = 100_000;

/** Takes the bytes of a file, in order; resolves when they are written. */
export type ByteSink = (chunk: Uint8Array) => Promise<void>;

/** Encodes batches of a schema as a file, no faster than the sink takes the bytes. */
export type MatrixEncoder = (
  batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>,
  schema: Schema,
  sink: ByteSink,
) => Promise<void>;

/** The formats of a matrix file, by the ending of its name. */
export const MATRIX_FORMATS: Readonly<Record<string, MatrixEncoder>> = {
  '.parquet': encodeParquet,
  '.arrow': encodeArrow,
};

/** Arrow IPC, the file form. */
async function encodeArrow(...[batches, schema, sink]: Parameters<MatrixEncoder>): Promise<void> {
  const chunks = new Chunks();
  const writer = new RecordBatchFileWriter().reset(chunks, schema);
  for await (const batch of batches) {
    writer.write(batch);
    for (const chunk of chunks.take()) await sink(chunk);
  }
  writer.finish();
  for (const chunk of chunks.take()) await sink(chunk);
}

/** Where the writer of Arrow puts its bytes, to be taken when a batch is whole. */
class Chunks extends AsyncByteQueue {
  #chunks: Uint8Array[] = [];

  override write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
  }

  take(): Uint8Array[] {
    const taken = this.#chunks;
    this.#chunks = [];
    return taken;
  }
}

/** Parquet, zstd-compressed. The metadata of the schema also stands in the file's own. */
async function encodeParquet(...[batches, schema, sink]: Parameters<MatrixEncoder>): Promise<void> {
  const parquet = await import('parquet-wasm');
  const properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.ZSTD)
    // Numbers of which nearly each is different: dictionaries cost time and save nothing.
    .setDictionaryEnabled(false)
    .setColumnDictionaryEnabled('address', true)
    .setMaxRowGroupSize(ROW_GROUP_ROWS)
    .setKeyValueMetadata(schema.metadata)
    .setCreatedBy('risk-scoring')
    .build();
  // What goes wrong with the batches is told as it was thrown, not as the encoder words it.
  let failure: { readonly error: unknown } | undefined;
  async function* encoded() {
    try {
      for await (const batch of batches) {
        const table = parquet.Table.fromIPCStream(tableToIPC(new Table(schema, [batch]), 'stream'));
        yield table.recordBatch(0);
        table.free();
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  try {
    const bytes = await parquet.transformParquetStream(streamOf(encoded()), properties);
    for await (const chunk of bytes) await sink(chunk);
  } catch (error) {
    throw failure?.error ?? error;
  }
  if (failure) throw failure.error;
}

/** Asks for the next item only when it is read. */
function streamOf<T>(items: AsyncGenerator<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await items.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await items.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
