import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createClient } from '@clickhouse/client';
import type { Engine } from './engine.ts';
import { DataFolderError, DataFolderLockedError } from './errors.ts';

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
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new DataFolderError({ folder: dataDir, found: (cause as Error).message, cause });
  }
  const client = createClient({ connection: await connect(folder, dataDir) });
  return {
    kind: 'embedded',
    location: dataDir,
    client,
    parquetSource: (file) => ({
      sql: `file({parquet_path:String}, 'Parquet')`,
      params: { parquet_path: file },
    }),
    close: () => client.close(),
  };
}

/** Whether anybody ever opened an engine in this data folder. */
export function hasEmbeddedEngine(dataDir: string): boolean {
  return existsSync(engineFolder(dataDir));
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
