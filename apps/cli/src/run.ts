import { type Database, type DatabaseBehaviour, openDatabase } from '@risk-scoring/pipeline';
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
    progress.stop('stopped');
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
    progress.stop('stopped');
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
  { progress }: Pick<CommandContext, 'progress'>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { network, dataDir } = options;
  const database = await openDatabase({
    network,
    ...(dataDir === undefined ? {} : { dataDir }),
    ...tellingRetries(progress),
  });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Shows each request that is tried again. */
export function tellingRetries(progress: ProgressView): DatabaseBehaviour {
  return {
    onRetry: ({ doing, attempt, attempts, reason }) =>
      progress.log({
        message: `${doing} failed (${reason}); trying again, ${attempt} of ${attempts} attempts used`,
        fields: { doing, attempt, attempts, reason },
      }),
  };
}
