import {
  type Config,
  type Database,
  type DatabaseBehaviour,
  type DatabaseOptions,
  databaseOptionsOf,
  openDatabase,
} from '@risk-scoring/pipeline';
import { configOf } from './config.ts';
import { exitCodeOf } from './output/exit-codes.ts';
import { withPlace } from './output/next-command.ts';
import { createProgressView, type ProgressView } from './output/progress.ts';
import { showError } from './output/show-error.ts';
import { visible } from './output/visible.ts';

/** What every command gets. */
export interface CommandContext {
  readonly signal: AbortSignal;
  readonly progress: ProgressView;
}

/** What says how a command is run, whatever it does. */
interface RunOptions {
  readonly json: boolean;
  readonly dataDir?: string | undefined;
  readonly config?: string | undefined;
}

/**
 * Runs a command: its result goes to stdout, progress and errors to stderr, and the exit code says how it ended.
 * The first SIGINT or SIGTERM stops it cleanly, the second at once.
 */
export async function runCommand(
  { json, dataDir, config }: RunOptions,
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
    process.stdout.write(`${json ? result : visible(result)}\n`);
  } catch (error) {
    progress.stop('stopped');
    const shown = showError(error, { json });
    process.stderr.write(`${json ? shown : withPlace(visible(shown), { dataDir, config })}\n`);
    process.exitCode = exitCodeOf(error);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** What says which database a command works on. */
export interface DatabaseFlags {
  readonly network: string;
  readonly dataDir?: string;
  readonly config?: string;
}

/** Opens the database of a command's network, where flags, environment and configuration say, and closes it whatever happens. */
export async function withDatabase<T>(
  options: DatabaseFlags,
  context: Pick<CommandContext, 'progress'>,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  return withConfiguredDatabase(await configOf(options), options, { context, work });
}

/** The same with a configuration that was read already. */
export async function withConfiguredDatabase<T>(
  config: Config,
  options: DatabaseFlags,
  {
    context,
    work,
  }: {
    readonly context: Pick<CommandContext, 'progress'>;
    readonly work: (database: Database) => Promise<T>;
  },
): Promise<T> {
  const database = await openDatabase(placeOf(config, options, context));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Where a command's database is, and how its retries are told. */
export function placeOf(
  config: Config,
  { network, dataDir }: DatabaseFlags,
  { progress }: Pick<CommandContext, 'progress'>,
): DatabaseOptions {
  const place = databaseOptionsOf(config, { network, dataDir, env: process.env });
  return { ...place, ...tellingRetries(progress) };
}

/** Shows each request that is tried again. */
function tellingRetries(progress: ProgressView): DatabaseBehaviour {
  return {
    onRetry: ({ doing, attempt, attempts, reason }) =>
      progress.log({
        message: `${doing} failed (${reason}); trying again, ${attempt} of ${attempts} attempts used`,
        fields: { doing, attempt, attempts, reason },
      }),
  };
}
