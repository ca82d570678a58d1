import { once, setMaxListeners } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openEngine } from './engine.ts';
import { type Faults, noFaults } from './faults.ts';
import { type HandlerContext, handleRequest } from './handler.ts';
import { createRandom } from './random.ts';
import { Reply } from './reply.ts';
import { type FrontRequest, type LogEntry, newEntry } from './request-log.ts';

// Like a server's: idle connections live for 10 s, an upload may take its time, an address may be 1 MB long.
const serverOptions: ServerOptions = { keepAliveTimeout: 10_000, requestTimeout: 0, maxHeaderSize: 1 << 20 };

/** A benchmark's requests are many. */
const logLength = 10_000;

/** For clients that do not take their answer, when the front closes. */
const patienceMs = 2000;

/** A running front. */
export interface ClickHouseFront {
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  /** What goes wrong from now on; change it at any time. */
  readonly faults: Faults;
  /** The last 10,000 requests in the order of arrival. */
  readonly requests: readonly FrontRequest[];
  /** Waits for the statements that run, breaks what still stalls, and closes the engine. */
  close(): Promise<void>;
}

/** Where a front keeps its data, and whom it lets in. */
export interface ClickHouseFrontOptions {
  /** The engine's files are in `clickhouse/` below it, rows on their way in `tmp/`. */
  readonly dataDir: string;
  /** `default` when nobody is named. */
  readonly user?: string;
  readonly password?: string;
  readonly faults?: Partial<Faults>;
  /** Of the faults; 1 when none is given. */
  readonly seed?: number;
  /** A free one when none is given. */
  readonly port?: number;
}

/**
 * Serves the embedded engine through as much of ClickHouse's HTTP interface as `@clickhouse/client` uses, on
 * 127.0.0.1 only. One process has one data folder at a time.
 *
 * @throws when the folder is in use elsewhere or the port is taken
 * @example
 * const front = await startClickHouseFront({ dataDir: './data' });
 * const client = createClient({ url: front.url });
 * front.faults.dropAfter = 0.1;
 * await front.close();
 */
export async function startClickHouseFront(options: ClickHouseFrontOptions): Promise<ClickHouseFront> {
  const dataDir = path.resolve(options.dataDir);
  const engineFolder = path.join(dataDir, 'clickhouse');
  mkdirSync(engineFolder, { recursive: true });
  const engine = await openEngine(engineFolder);
  const spoolFolder = makeSpoolFolder(path.join(dataDir, 'tmp'));
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const requests: LogEntry[] = [];
  const running = new Set<Promise<void>>();
  const context: HandlerContext = {
    engine,
    spoolFolder,
    allowed: { user: options.user ?? 'default', password: options.password ?? '' },
    faults: { ...noFaults(), ...options.faults },
    random: createRandom(options.seed ?? 1),
    closing: closing.signal,
  };

  const server = createServer(serverOptions, (request, response) => {
    if (closing.signal.aborted) return void request.socket.destroy();
    const entry = newEntry(request.method ?? '', request.url?.split('?')[0] ?? '/', request.headers);
    requests.push(entry);
    if (requests.length > logLength) requests.shift();
    // A statement still on its way will not run any more.
    const stop = () => request.complete || request.destroy();
    closing.signal.addEventListener('abort', stop, { once: true });
    const hasExceptionTag = context.faults.midStreamStyle === 'tagged';
    const reply = new Reply({ request, response, entry }, { server: engine, hasExceptionTag });
    const work = handleRequest(context, reply).finally(() => {
      running.delete(work);
      closing.signal.removeEventListener('abort', stop);
    });
    running.add(work);
  });
  try {
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    await engine.close();
    rmSync(spoolFolder, { recursive: true, force: true });
    throw error;
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: context.faults,
    requests,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      closing.abort();
      server.closeIdleConnections();
      await engine.idle();
      await Promise.race([Promise.all(running), delay(patienceMs, undefined, { ref: false })]);
      server.closeAllConnections();
      await Promise.all(running);
      await closed;
      await engine.close();
      rmSync(spoolFolder, { recursive: true, force: true });
    },
  };
}

/** A folder of this process, whose name begins with its number; those of processes that were killed go. */
function makeSpoolFolder(parent: string): string {
  mkdirSync(parent, { recursive: true });
  const mine = `${process.pid}-`;
  for (const name of readdirSync(parent)) {
    // The engine's lock says that no other process is here.
    if (!name.startsWith(mine)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  return mkdtempSync(path.join(parent, mine));
}
