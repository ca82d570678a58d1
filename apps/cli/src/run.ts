import { type Database, openDatabase } from '@risk-scoring/pipeline';
import { exitCodeOf } from './output/exit-codes.ts';
import { createProgressView, type ProgressView } from './output/progress.ts';
import { showError } from './output/show-error.ts';

/** What every command gets. */
export interface CommandContext {
  readonly signal: AbortSignal;
  readonly progress: ProgressView;
}

/**
 * Runs a command: its result goes to stdout, progress and errors to stderr, and the exit code says how it ended.
 * The first SIGINT or SIGTERM stops it cleanly, the second at once.
 */
export async function runCommand(
  { json }: { readonly json: boolean },
  work: (context: CommandContext) => Promise<string>,
): Promise<void> {
  const controller = new AbortController();
  const progress = createProgressView();
  const stop = () => {
    if (controller.signal.aborted) process.kill(process.pid, 'SIGKILL');
    progress.stop();
    process.stderr.write('stopping after this step (again to stop at once) …\n');
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    const result = await work({ signal: controller.signal, progress });
    progress.stop();
    process.stdout.write(`${result}\n`);
  } catch (error) {
    progress.stop();
    process.stderr.write(`${showError(error, { json })}\n`);
    process.exitCode = exitCodeOf(error);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Opens the database of a command's network, and closes it whatever happens. */
export async function withDatabase<T>(
  options: { readonly network: string; readonly dataDir?: string },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(options);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
