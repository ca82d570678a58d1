import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { DatabaseOptions } from '../open-database.ts';

/** A process that ingests snapshots in turn, to be killed. It runs the built package. */
export interface IngestingProcess {
  /** Opens the database and begins; until then the process only has loaded the engine's library. */
  begin(): void;
  /** Resolves after so many ingestions. */
  ingested(count: number): Promise<void>;
  /** Milliseconds that the ingestions took which wrote something. */
  readonly durations: readonly number[];
  /** Ends it without a word (SIGKILL). */
  kill(): Promise<void>;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
}

/**
 * Starts one. It ingests the folders one after the other, `rounds` times.
 *
 * @throws when the process ends before it is ready
 */
export async function startIngesting(
  options: DatabaseOptions,
  folders: readonly string[],
  rounds = Number.MAX_SAFE_INTEGER,
): Promise<IngestingProcess> {
  const script = `
    import { ingestSnapshots, openDatabase } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    await import(${JSON.stringify(import.meta.resolve('chdb/connection'))});
    console.log('ready');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdin.unref();
    const database = await openDatabase(${JSON.stringify(options)});
    for (let round = 0; round < ${rounds}; round++) {
      for (const from of ${JSON.stringify(folders)}) {
        const start = performance.now();
        const [{ outcome }] = await ingestSnapshots(database, { from });
        console.log(outcome, performance.now() - start);
      }
    }
    await database.close();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  // A process that is killed takes nothing more.
  child.stdin.on('error', () => undefined);

  let lines = 0;
  const durations: number[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };
  createInterface(child.stdout).on('line', (line) => {
    const [outcome, duration] = line.split(' ');
    if (outcome === 'ingested' || outcome === 'replaced') durations.push(Number(duration));
    lines++;
    wake();
  });
  child.once('exit', wake);
  const reach = (count: number) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (lines >= count) resolve();
        else if (child.exitCode !== null) reject(new Error(`the process ended with ${child.exitCode}`));
        else return;
        waiting.delete(check);
      };
      waiting.add(check);
      check();
    });

  await reach(1);
  return {
    begin: () => void child.stdin.write('begin\n'),
    ingested: (count) => reach(1 + count),
    durations,
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
    ended: async () => (await exit)[0],
  };
}
