import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type ClickHouseClient, type ClickHouseSettings, createClient, parseError } from '@clickhouse/client';
import { type RecordBatch, type Table, tableFromIPC } from 'apache-arrow';
import type { Session } from 'chdb';
import { DataFolderError, DataFolderLockedError } from '../errors.ts';
import type { InspectedFile } from '../ingestion/files/index.ts';
import { literal, quote } from '../sql-text.ts';
import { arrowSettings } from './arrow-settings.ts';
import type { Engine, EngineRequest, FileRows } from './engine.ts';
import { textOf } from './text.ts';

type ClientConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;

/** The folder of the embedded engine when nobody names one. */
export const DEFAULT_DATA_DIR = '.risk-scoring';

/**
 * The data folder to use: the argument, else `RISK_SCORING_DATA_DIR`, else `.risk-scoring`, as an absolute path.
 *
 * @example
 * resolveDataDir(undefined, { RISK_SCORING_DATA_DIR: '/data/rs' }); // '/data/rs'
 */
export function resolveDataDir(dataDir: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(dataDir || env.RISK_SCORING_DATA_DIR || DEFAULT_DATA_DIR);
}

/**
 * Opens ClickHouse inside this process, keeping its files in `{dataDir}/clickhouse`.
 *
 * @throws {DataFolderLockedError} when another process has the folder open
 * @throws {DataFolderError} when the folder cannot be made, read or opened
 */
export async function openEmbeddedEngine(dataDir: string): Promise<Engine> {
  const folder = engineFolder(dataDir);
  try {
    makeFolder(folder);
  } catch (cause) {
    throw new DataFolderError({ folder: dataDir, found: (cause as Error).message, cause });
  }
  const engine = new EmbeddedEngine(dataDir, createClient({ connection: await connect(folder, dataDir) }));
  opened.add(engine);
  await engine.prepare();
  return engine;
}

/** Whether anybody ever opened an engine in this data folder. */
export function hasEmbeddedEngine(dataDir: string): boolean {
  return existsSync(engineFolder(dataDir));
}

const connectionSettings: ClickHouseSettings = {
  ...arrowSettings,
  output_format_json_quote_64bit_integers: 1,
};

/** The engines of this process. */
const opened = new Set<Engine>();

class EmbeddedEngine implements Engine {
  readonly kind = 'embedded';
  readonly location: string;
  readonly cluster = undefined;
  readonly client: ClickHouseClient;
  readonly #streams = new Set<Session>();
  #database = 'default';

  constructor(location: string, client: ClickHouseClient) {
    this.location = location;
    this.client = client;
  }

  /** What every statement of the connection runs under. */
  async prepare(): Promise<void> {
    for (const [name, value] of Object.entries(connectionSettings)) {
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
      return tableFromIPC(Buffer.concat(chunks));
    });
  }

  /**
   * Settings of one statement would stay with the connection for all later ones, so a statement with settings gets a
   * connection of its own, which costs less than a millisecond. There its values are bound beforehand, by SET: chdb runs only one
   * statement at a time, in the whole process, of those that it binds itself.
   */
  async #withClient<T>(
    { params = {}, settings = {}, beside = false }: Pick<EngineRequest, 'params' | 'settings' | 'beside'>,
    work: (client: ClickHouseClient, unbound: Record<string, unknown>) => Promise<T>,
  ): Promise<T> {
    if (Object.keys(settings).length === 0 && !beside) return work(this.client, { ...params });
    const folder = engineFolder(this.location);
    const client = createClient({ connection: await connect(folder, this.location) });
    try {
      for (const [name, value] of Object.entries({ ...connectionSettings, ...settings })) {
        await client.command({ query: `SET ${name} = ${settingText(value)}` });
      }
      await client.command({ query: `USE ${quote(this.#database)}` });
      const texts = Object.entries(params).map(([name, value]) => [name, parameterText(value)] as const);
      if (texts.some(([, text]) => text === undefined)) return await work(client, { ...params });
      for (const [name, text] of texts) {
        await client.command({ query: `SET param_${name} = ${literal(text ?? '')}` });
      }
      return await work(client, {});
    } finally {
      await client.close();
    }
  }

  /** Over a session of its own: the client's connection holds a result whole, and runs nothing else meanwhile. */
  async *arrowBatches({ sql, params, settings, signal }: EngineRequest): AsyncGenerator<RecordBatch> {
    const { Session } = await import('chdb');
    const session = new Session(engineFolder(this.location));
    this.#streams.add(session);
    try {
      await session.queryAsync(`USE ${quote(this.#database)}`);
      for (const [name, value] of Object.entries({ ...connectionSettings, ...settings })) {
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

  readFile(file: InspectedFile, structure: string): FileRows {
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
    for (const session of this.#streams) session.close();
    await this.client.close();
    opened.delete(this);
    // A process has one folder, which is free when nobody has it open and nothing runs in it any more.
    if (opened.size === 0) await drainPending();
  }
}

/** A failure of a session as the client has it: an exception with its code and type. */
function engineError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return Object.assign(parseError(error.message), { cause: error });
}

function settingText(value: unknown): string {
  return typeof value === 'number' ? `${value}` : literal(String(value));
}

/** A plain value as the text that ClickHouse reads a parameter from: tab-separated form. Undefined for arrays and the like. */
function parameterText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return `${value}`;
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value !== 'string') return undefined;
  const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  return value.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}

/**
 * Makes a folder and those above it, one by one: Node's own recursive way never ends where a folder exists in which none can be
 * made, such as /proc.
 */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at) && path.dirname(at) !== at; at = path.dirname(at)) missing.push(at);
  for (const each of missing.reverse()) {
    try {
      mkdirSync(each);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is no folder`);
}

function engineFolder(dataDir: string): string {
  return path.join(dataDir, 'clickhouse');
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

/** The living process that the engine's status file names, which it writes while it holds the lock. */
function lockOwner(folder: string): string | undefined {
  let pid: number;
  try {
    pid = Number(/^PID:\s*(\d+)/m.exec(readFileSync(path.join(folder, 'status'), 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
  try {
    process.kill(pid, 0);
    return `process ${pid}`;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? `process ${pid} of another user` : undefined;
  }
}
