import { initDatabase } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { configOf } from '../config.ts';
import { common } from '../options.ts';
import { nextCommand } from '../output/next-command.ts';
import { type CommandContext, placeOf, runCommand } from '../run.ts';

interface InitOptions {
  readonly network: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring init`: makes a network's database, or brings it up to date. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description("make a network's database, or bring its tables up to date")
    .addOption(common.network())
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: InitOptions) => runCommand(options, (context) => init(options, context)));
}

async function init(options: InitOptions, { progress }: CommandContext): Promise<string> {
  const place = placeOf(await configOf(options), options, { progress });
  const { database, migrations } = await initDatabase(place);
  const { name, engine } = database;
  await database.close();
  if (options.json)
    return JSON.stringify({ database: name, location: engine.location, ...migrations }, null, 2);
  const did = migrations.applied.length;
  const what = did === 0 ? 'is up to date' : `is ready: ${did} migration${did === 1 ? '' : 's'} applied`;
  return `${name} in ${engine.location} ${what}.\nNext: ${nextCommand(['ingest', '--network', options.network, '--from', '<folder>'], options)}`;
}
