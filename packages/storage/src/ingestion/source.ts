import type { ClickHouseSettings } from '@clickhouse/client';
import type { Database } from '../database.ts';
import type { FileRows } from '../engine/engine.ts';
import type { IngestTable } from '../tables.ts';
import type { FileColumn, FileFormat } from './files/index.ts';

/** Rows for one table, wherever they lie: a local file, an object on S3. Its columns are known, its rows not yet read. */
export interface Source {
  readonly table: IngestTable;
  /** A path or an address without credentials, for messages and for the record. */
  readonly label: string;
  readonly format: FileFormat;
  readonly columns: readonly FileColumn[];
  /** What a META.json promises of it, or what a Parquet footer counts. */
  readonly md5: string | undefined;
  readonly rows: number | undefined;
  readonly bytes: number;
  /** Texts that no message may repeat. */
  readonly secrets: readonly string[];
  /** md5 of the content as it is now: reads all of it. */
  fingerprint(signal?: AbortSignal): Promise<string>;
  /** Begins one reading. `structure` is the column list to read, as the file holds the columns. */
  read(database: Database, structure: string): SourceReading;
  /** Removes what was laid aside to read it. */
  dispose(): Promise<void>;
}

/** One reading of a source, by one INSERT. */
export interface SourceReading {
  readonly rows: FileRows;
  readonly settings: ClickHouseSettings;
  /** Resolves with the md5 of the bytes read, once the INSERT is done; runs beside it. */
  readonly md5: () => Promise<string>;
  /** Bytes handed to the engine so far, where Node sees them pass. */
  readonly sent: () => number | undefined;
  /** Stops what still runs beside a failed INSERT. */
  readonly abandon: () => void;
}
