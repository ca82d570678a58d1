import { ThriftError, ThriftReader } from './thrift-reader.ts';

/** What is counted in a Parquet footer. */
export interface FooterWalk {
  /** The schema's bytes: a list of SchemaElement, as the footer holds it. */
  readonly schema: Uint8Array;
  readonly rows: number;
  /** What all columns take uncompressed, by their own account. */
  readonly plainBytes: number;
  readonly isEncrypted: boolean;
}

/**
 * Counts what a footer describes, and checks that it agrees with itself and with the size of the file. Statistics and
 * the like are passed over, so the footer of a file with a million column chunks takes no more memory than its bytes.
 *
 * Field numbers are those of parquet.thrift (apache/parquet-format 2.11): FileMetaData, RowGroup, ColumnChunk,
 * ColumnMetaData.
 *
 * @param dataEnd the first byte after the columns
 * @throws {ThriftError} when the footer cannot be what a writer wrote
 */
export function walkFooter(footer: Uint8Array, dataEnd: number): FooterWalk {
  const reader = new ThriftReader(footer);
  let schema: Uint8Array | undefined;
  let rows: number | undefined;
  let rowsOfGroups = 0;
  let plainBytes = 0;
  let isEncrypted = false;
  reader.struct((id, type) => {
    if (id === 2) {
      const start = reader.offset;
      reader.skip(type);
      schema = footer.subarray(start, reader.offset);
    } else if (id === 3) rows = reader.integer(type);
    else if (id === 4) {
      reader.structs(type, () => {
        const group = walkRowGroup(reader, dataEnd);
        rowsOfGroups += group.rows;
        plainBytes += group.plainBytes;
        isEncrypted ||= group.isEncrypted;
      });
    } else {
      isEncrypted ||= id === 8;
      reader.skip(type);
    }
  });
  if (schema === undefined || rows === undefined) throw new ThriftError('no schema or no row count');
  if (!isEncrypted && rows !== rowsOfGroups) {
    throw new ThriftError(`${rows} rows, but ${rowsOfGroups} in its row groups`);
  }
  return { schema, rows, plainBytes, isEncrypted };
}

function walkRowGroup(reader: ThriftReader, dataEnd: number): Omit<FooterWalk, 'schema'> {
  let rows = 0;
  let plainBytes = 0;
  let isEncrypted = false;
  reader.struct((id, type) => {
    if (id === 3) rows = natural(reader.integer(type), 'rows');
    else if (id === 1) {
      reader.structs(type, () => {
        const chunk = walkColumnChunk(reader, dataEnd);
        plainBytes += chunk.plainBytes;
        isEncrypted ||= chunk.isEncrypted;
      });
    } else reader.skip(type);
  });
  return { rows, plainBytes, isEncrypted };
}

function walkColumnChunk(
  reader: ThriftReader,
  dataEnd: number,
): { plainBytes: number; isEncrypted: boolean } {
  let plainBytes: number | undefined;
  let isEncrypted = false;
  reader.struct((id, type) => {
    if (id === 3) plainBytes = walkColumnMetadata(reader, dataEnd);
    else {
      if (id === 1) throw new ThriftError('columns that are in other files');
      isEncrypted ||= id === 8 || id === 9;
      reader.skip(type);
    }
  });
  if (plainBytes === undefined && !isEncrypted) throw new ThriftError('a column without description');
  return { plainBytes: plainBytes ?? 0, isEncrypted };
}

function walkColumnMetadata(reader: ThriftReader, dataEnd: number): number {
  let plainBytes = 0;
  let storedBytes = 0;
  let dataPage = 0;
  let dictionaryPage = 0;
  reader.struct((id, type) => {
    if (id === 6) plainBytes = natural(reader.integer(type), 'bytes');
    else if (id === 7) storedBytes = natural(reader.integer(type), 'bytes');
    else if (id === 9) dataPage = reader.integer(type);
    else if (id === 11) dictionaryPage = reader.integer(type);
    else reader.skip(type);
  });
  // Writers without a dictionary leave its offset out, or at zero.
  const start = dictionaryPage > 0 ? Math.min(dictionaryPage, dataPage) : dataPage;
  if (start < 0 || start + storedBytes > dataEnd) {
    throw new ThriftError(`a column up to byte ${start + storedBytes}, but its columns end at ${dataEnd}`);
  }
  return plainBytes;
}

function natural(value: number, what: string): number {
  if (value < 0) throw new ThriftError(`${value} ${what}`);
  return value;
}
