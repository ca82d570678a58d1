import path from 'node:path';
import { type ClickHouseFront, startClickHouseFront } from '@risk-scoring/test-servers';
import type { Database } from '../database.ts';
import { type DatabaseOptions, initDatabase } from '../open-database.ts';
import type { RetryEvent, RetryPolicy } from '../retry.ts';
import { scratchFolder } from './scratch.ts';

/** The HTTP front in this process, whose faults a test may change, and what a test needs around it. */
export interface FaultyFront {
  readonly front: ClickHouseFront;
  readonly folder: string;
  /** An embedded database, to write files with. It shares the front's engine: a process has one data folder. */
  readonly writer: Database;
  /** How to open the database of a network over the front. */
  options(network: string, more?: FrontOptions): DatabaseOptions;
  /** Nothing goes wrong any more. */
  calm(): void;
  stop(): Promise<void>;
}

/** How a database over the front behaves. */
export interface FrontOptions {
  readonly retry?: Partial<RetryPolicy>;
  readonly onRetry?: (event: RetryEvent) => void;
  readonly server?: Partial<DatabaseOptions['server']>;
}

/** Many attempts that cost little time. */
export const PATIENT: RetryPolicy = {
  attempts: 40,
  connectAttempts: 40,
  firstDelayMs: 1,
  longestDelayMs: 20,
};

/** Starts it on a data folder of its own, without faults. */
export async function startFaultyFront(seed = 7): Promise<FaultyFront> {
  const scratch = scratchFolder();
  const dataDir = path.join(scratch.folder, 'data');
  const account = { user: 'miner', password: 'a password' };
  const front = await startClickHouseFront({ dataDir, seed, ...account });
  const none = { ...front.faults };
  const { database: writer } = await initDatabase({ network: 'fixtures', dataDir });
  return {
    front,
    folder: scratch.folder,
    writer,
    options: (network, { server, ...behaviour } = {}) => ({
      network,
      onRetry: () => undefined,
      ...behaviour,
      server: { url: front.url, ...account, ...server },
    }),
    calm() {
      Object.assign(
        front.faults,
        { stallAfterBytes: undefined, truncateAfterBytes: undefined, failAfterBytes: undefined },
        { match: undefined, only: undefined },
        none,
      );
    },
    async stop() {
      await writer.close();
      await front.close();
      scratch.remove();
    },
  };
}
