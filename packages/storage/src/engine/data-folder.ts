import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

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

/** Where in a data folder the engine keeps its files. */
export function engineFolder(dataDir: string): string {
  return path.join(dataDir, 'clickhouse');
}

/** Whether anybody ever opened an engine in this data folder. */
export function hasEmbeddedEngine(dataDir: string): boolean {
  return existsSync(engineFolder(dataDir));
}

/**
 * Makes a folder and those above it, one by one: Node's own recursive way never ends where a folder exists in which none can be
 * made, such as /proc.
 */
export function makeFolder(folder: string): void {
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

/** The living process that the engine's status file names, which it writes while it holds the lock. */
export function lockOwner(folder: string): string | undefined {
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
