import { type ClickHouseClient, type ClickHouseSettings, createClient, parseError } from '@clickhouse/client';
import { type RecordBatch, type Table, tableFromIPC } from 'apache-arrow';
import type { Session } from 'chdb';
import { DataFolderError, DataFolderLockedError } from '../errors.ts';
import type { StoredFile } from '../ingestion/files/index.ts';
import { literal, quote } from '../sql-text.ts';
import { arrowSettings } from './arrow-settings.ts';
import { engineFolder, lockOwner, makeFolder } from './data-folder.ts';
import type { Engine, EngineRequest, FileRows } from './engine.ts';
import { memorySettings } from './engine-memory.ts';
import { parameterText, settingText } from './statement-text.ts';
import { textOf } from './text.ts';

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

/**
 * Opens ClickHouse inside this process, keeping its files in `{dataDir}/clickhouse`.
 *
 * @param memory bytes that one query may take; unbounded by default
 * @throws {DataFolderLockedError} when another process has the folder open
 * @throws {DataFolderError} when the folder cannot be made, read or opened
 */
export async function openEmbeddedEngine(dataDir: string, memory?: number): Promise<Engine> {
  const folder = engineFolder(dataDir);
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new DataFolderError({ folder: dataDir, found: (cause as Error).message, cause });
  }
  const engine = new EmbeddedEngine(dataDir, createClient({ connection: await connect(folder, dataDir) }), {
    ...connectionSettings,
    ...memorySettings(memory),
  });
  opened.add(engine);
  await engine.prepare();
  return engine;
}

const connectionSettings: ClickHouseSettings = {
  ...arrowSettings,
  output_format_json_quote_64bit_integers: 1,
};

/** Connections of the same settings that may wait for the next statement. */
const IDLE_CONNECTIONS = 4;

/** The engines of this process. */
const opened = new Set<Engine>();

class EmbeddedEngine implements Engine {
  readonly kind = 'embedded';
  readonly location: string;
  readonly cluster = undefined;
  readonly client: ClickHouseClient;
  /** What every connection runs under. */
  readonly #settings: ClickHouseSettings;
  readonly #streams = new Set<Session>();
  /** Connections that wait, by the database and settings they have. */
  readonly #idle = new Map<string, ClickHouseClient[]>();
  #database = 'default';

  constructor(location: string, client: ClickHouseClient, settings: ClickHouseSettings) {
    this.location = location;
    this.client = client;
    this.#settings = settings;
  }

  /** What every statement of the connection runs under. */
  async prepare(): Promise<void> {
    for (const [name, value] of Object.entries(this.#settings)) {
      await this.run({ sql: `SET ${name} = ${settingText(value)}` });
    }
  }

  async selectDatabase(name: string): Promise<void> {
    await this.run({ sql: 'USE {name:Identifier}', params: { name } });
    this.#database = name;
  }

  async run(request: EngineRequest): Promise<string> {
    const { sql, body } = request;
    const rows = body === undefined ? '' : `\n${await textOf(body)}`;
    return this.#withClient(request, async (client, unbound) => {
      const { stream } = await client.exec({ query: sql + rows, query_params: unbound });
      return textOf(stream);
    });
  }

  async arrowTable(request: EngineRequest): Promise<Table> {
    return this.#withClient(request, async (client, unbound) => {
      const { stream } = await client.exec({
        query: `${request.sql}\nFORMAT ArrowStream`,
        query_params: unbound,
      });
      const chunks: Uint8Array[] = [];
      for await (const chunk of stream) chunks.push(chunk as Uint8Array);
      const [first] = chunks;
      return tableFromIPC(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
  }

  /**
   * Settings of one statement would stay with the connection for all later ones, so a statement with settings gets a
   * connection of its own; afterwards it waits for the next one with the same settings, as making one takes longer than many a query.
   * There its values are bound beforehand, by SET: chdb runs only one statement at a time, in the whole process, of those
   * that it binds itself.
   */
  async #withClient<T>(
    { params = {}, settings = {}, beside = false }: Pick<EngineRequest, 'params' | 'settings' | 'beside'>,
    work: (client: ClickHouseClient, unbound: Record<string, unknown>) => Promise<T>,
  ): Promise<T> {
    if (Object.keys(settings).length === 0 && !beside) return work(this.client, { ...params });
    const key = JSON.stringify([this.#database, settings]);
    const idle = this.#idle.get(key) ?? [];
    this.#idle.set(key, idle);
    const client = idle.pop() ?? (await this.#connect(settings));
    try {
      const texts = Object.entries(params).map(([name, value]) => [name, parameterText(value)] as const);
      const bound = texts.every(([, text]) => text !== undefined);
      if (bound && texts.length > 0) {
        const values = texts.map(([name, text]) => `param_${name} = ${literal(text ?? '')}`);
        await client.command({ query: `SET ${values.join(', ')}` });
      }
      const result = await work(client, bound ? {} : { ...params });
      if (opened.has(this) && idle.length < IDLE_CONNECTIONS) idle.push(client);
      else await client.close();
      return result;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  async #connect(settings: ClickHouseSettings): Promise<ClickHouseClient> {
    const client = createClient({ connection: await connect(engineFolder(this.location), this.location) });
    try {
      const values = Object.entries({ ...this.#settings, ...settings }).map(
        ([name, value]) => `${name} = ${settingText(value)}`,
      );
      await client.command({ query: `SET ${values.join(', ')}` });
      await client.command({ query: `USE ${quote(this.#database)}` });
      return client;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /**
   * Over a session of its own: the client's connection holds a result whole, and runs nothing else meanwhile. But starting a stream
   * plans and begins the query on this thread, so what runs beside other statements comes whole.
   */
  async *arrowBatches(request: EngineRequest): AsyncGenerator<RecordBatch> {
    const { sql, params, settings, signal, beside } = request;
    if (beside) {
      yield* (await this.arrowTable(request)).batches;
      return;
    }
    const { Session } = await import('chdb');
    const session = new Session(engineFolder(this.location));
    this.#streams.add(session);
    try {
      await session.queryAsync(`USE ${quote(this.#database)}`);
      for (const [name, value] of Object.entries({ ...this.#settings, ...settings })) {
        await session.queryAsync(`SET ${name} = ${settingText(value)}`);
      }
      const stream = session.queryStreamBind(
        sql,
        { ...params },
        { format: 'ArrowStream', ...(signal ? { signal } : {}) },
      );
      // Each chunk is an Arrow stream of its own.
      for await (const chunk of stream) yield* tableFromIPC(chunk.raw()).batches;
      // A stream whose session was closed under it ends as if it were whole.
      if (!session.open) throw new Error('the database was closed before the last row');
    } catch (error) {
      throw engineError(error);
    } finally {
      this.#streams.delete(session);
      session.close();
    }
  }

  readFile(file: StoredFile, structure: string): FileRows {
    return {
      from: 'file({file_path:String}, {file_format:String}, {file_structure:String}, {file_compression:String})',
      params: {
        file_path: file.path,
        file_format: file.format,
        file_structure: structure,
        file_compression: file.compression,
      },
    };
  }

  async close(): Promise<void> {
    const { drainPending } = await import('chdb');
    opened.delete(this);
    for (const session of this.#streams) session.close();
    for (const clients of this.#idle.values()) for (const client of clients.splice(0)) await client.close();
    await this.client.close();
    // A process has one folder, which is free when nobody has it open and nothing runs in it any more.
    if (opened.size === 0) await drainPending();
  }
}

/** A failure of a session as the client has it: an exception with its code and type. */
function engineError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return Object.assign(parseError(error.message), { cause: error });
}

async function connect(folder: string, dataDir: string): Promise<ClientConnection> {
  // The engine is half a gigabyte of library: it is loaded when it is needed, not by whoever prints a help text.
  const { createChdbConnection } = await import('chdb/connection');
  try {
    // chdb declares its connection with its own copy of the client's types: same shape, other names.
    return createChdbConnection({ path: folder }) as unknown as ClientConnection;
  } catch (cause) {
    const owner = lockOwner(folder);
    if (owner !== undefined) {
      throw new DataFolderLockedError({ folder: dataDir, owner: `${owner} has it open`, cause });
    }
    throw new DataFolderError({ folder: dataDir, found: (cause as Error).message, cause });
  }
}
