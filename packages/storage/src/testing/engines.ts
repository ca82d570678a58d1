import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Database } from '../database.ts';
import { type DatabaseOptions, initDatabase } from '../open-database.ts';
import { scratchFolder } from './scratch.ts';

/** An engine that a suite runs against. */
export interface EngineUnderTest {
  readonly name: string;
  start(): Promise<StartedEngine>;
}

/** A running engine, with a folder for the test's files. */
export interface StartedEngine {
  readonly folder: string;
  /** How to open the database of a network there. */
  options(network: string): DatabaseOptions;
  /** An embedded database of this process, to write files with. */
  readonly writer: Database;
  stop(): Promise<void>;
}

/** The front on the embedded engine, in a process of its own. */
export interface FrontProcess {
  readonly url: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** Starts the HTTP front on a data folder of its own. */
export async function startFront(dataDir: string, user: string, password: string): Promise<FrontProcess> {
  const require = createRequire(import.meta.url);
  const main = path.join(
    path.dirname(require.resolve('@risk-scoring/test-servers/package.json')),
    'dist/front-main.js',
  );
  const child = spawn(
    process.execPath,
    [main, '--data-dir', dataDir, '--user', user, '--password', password],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk)));
    child.once('exit', (code) => reject(new Error(`the front ended with ${code}`)));
  });
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    child,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

const embedded: EngineUnderTest = {
  name: 'embedded',
  async start() {
    const scratch = scratchFolder();
    const dataDir = path.join(scratch.folder, 'data');
    const { database: writer } = await initDatabase({ network: 'fixtures', dataDir });
    return {
      folder: scratch.folder,
      options: (network) => ({ network, dataDir }),
      writer,
      async stop() {
        await writer.close();
        scratch.remove();
      },
    };
  },
};

const front: EngineUnderTest = {
  name: 'over HTTP',
  async start() {
    const scratch = scratchFolder();
    const { database: writer } = await initDatabase({
      network: 'fixtures',
      dataDir: path.join(scratch.folder, 'writer'),
    });
    const server = await startFront(path.join(scratch.folder, 'server'), 'miner', 'a password');
    return {
      folder: scratch.folder,
      options: (network) => ({ network, server: { url: server.url, user: 'miner', password: 'a password' } }),
      writer,
      async stop() {
        await server.stop();
        await writer.close();
        scratch.remove();
      },
    };
  },
};

/** A server that somebody runs: its databases are new ones, and stay. */
const given = (url: string): EngineUnderTest => ({
  name: `server at ${new URL(url).host}`,
  async start() {
    const scratch = scratchFolder();
    const { database: writer } = await initDatabase({
      network: 'fixtures',
      dataDir: path.join(scratch.folder, 'writer'),
    });
    const run = Date.now().toString(36);
    return {
      folder: scratch.folder,
      options: (network) => ({
        network,
        server: {
          url,
          user: process.env.CLICKHOUSE_TEST_USER ?? 'default',
          password: process.env.CLICKHOUSE_TEST_PASSWORD ?? '',
          database: `risk_scoring_test_${network}_${run}`,
        },
      }),
      writer,
      async stop() {
        await writer.close();
        scratch.remove();
      },
    };
  },
});

/** Every engine at hand: a real server too where `CLICKHOUSE_TEST_URL` names one. */
export const engines: readonly EngineUnderTest[] = [
  embedded,
  front,
  ...(process.env.CLICKHOUSE_TEST_URL ? [given(process.env.CLICKHOUSE_TEST_URL)] : []),
];
