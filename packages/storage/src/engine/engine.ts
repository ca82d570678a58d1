import type { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import type { RecordBatch, Table } from 'apache-arrow';
import type { StoredFile } from '../ingestion/files/index.ts';

/** A statement on its way to the engine. */
export interface EngineRequest {
  readonly sql: string;
  /** Values of the `{name:Type}` places. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly settings?: ClickHouseSettings;
  /** The rows of an `INSERT … FORMAT …`. */
  readonly body?: Readable;
  readonly signal?: AbortSignal;
  /** Runs beside other statements, which the embedded engine would otherwise take one after another. */
  readonly beside?: boolean;
}

/** How an `INSERT … SELECT … FROM` reads a local file. */
export interface FileRows {
  /** What stands after FROM. */
  readonly from: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What stands after FORMAT, where the rows are sent along. */
  readonly format?: string;
  /** Opens the rows to send, anew for every attempt; `tap` sees the bytes as they are on disk. */
  readonly open?: (tap?: (chunk: Uint8Array) => void) => Readable;
}

/**
 * Where ClickHouse runs. The embedded engine and a server are each one of these; nothing above
 * `Database` knows which. Failures come out as the client or the network made them: `Database` gives them
 * their types and repeats what may be repeated.
 */
export interface Engine {
  readonly kind: 'embedded' | 'server';
  /** Where it is, for messages: a folder, or a URL without credentials. */
  readonly location: string;
  /** The cluster that DDL goes to, or undefined on a single node. */
  readonly cluster: string | undefined;
  /** The ordinary client, whose unqualified table names are those of the selected database. */
  readonly client: ClickHouseClient;
  /** Makes unqualified table names those of a database. */
  selectDatabase(name: string): Promise<void>;
  /** Runs a statement to its end and returns its output as text. */
  run(request: EngineRequest): Promise<string>;
  /** Runs a SELECT and returns all its rows, with their columns even where there are none. */
  arrowTable(request: EngineRequest): Promise<Table>;
  /** Runs a SELECT and hands out its rows as they come, never all of them at once. */
  arrowBatches(request: EngineRequest): AsyncIterable<RecordBatch>;
  /** How to read a local file. `structure` is a ClickHouse column list: names and types as the file holds them. */
  readFile(file: StoredFile, structure: string): FileRows;
  close(): Promise<void>;
}
