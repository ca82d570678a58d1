import { vacuum } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, hours } from '../options.ts';
import { count, table } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface VacuumCommandOptions {
  readonly network: string;
  readonly olderThan: number;
  readonly dryRun: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring vacuum`: drops rows that no reader sees any more. */
export function addVacuum(program: Command): void {
  program
    .command('vacuum')
    .description(
      'drop rows that no longer count: of replaced snapshots and of ingestions that did not finish',
    )
    .addOption(common.network())
    .option('--older-than <hours>', 'leave what was replaced or begun later', hours, 24)
    .option('--dry-run', 'only count', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: VacuumCommandOptions) => runCommand(options, (context) => drop(options, context)));
}

async function drop(options: VacuumCommandOptions, context: CommandContext): Promise<string> {
  const { olderThan, dryRun } = options;
  const { signal, progress } = context;
  const dropped = await withDatabase(options, context, (database) =>
    vacuum(database, {
      olderThanHours: olderThan,
      dryRun,
      signal,
      onProgress: ({ table: detail, done, total }) =>
        progress.update({ stage: 'vacuum', done, total, detail }),
    }),
  );
  if (options.json) return JSON.stringify(dropped, null, 2);
  if (dropped.length === 0) return `Nothing to drop that is older than ${olderThan} hours.`;
  return [
    table([
      ['table', 'batches', 'rows'],
      ...dropped.map(({ table: name, batches, rows }) => [name, count(batches), count(rows)]),
    ]),
    dryRun ? 'They would be dropped; nothing was done.' : 'They were dropped.',
  ].join('\n');
}
