import { initDatabase } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../options.ts';
import { nextCommand } from '../output/next-command.ts';
import { runCommand } from '../run.ts';

interface InitOptions {
  readonly network: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring init`: makes a network's database, or brings it up to date. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description("make a network's database, or bring its tables up to date")
    .addOption(common.network())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: InitOptions) => runCommand(options, () => init(options)));
}

async function init(options: InitOptions): Promise<string> {
  const { database, migrations } = await initDatabase(options);
  const { name, engine } = database;
  await database.close();
  if (options.json)
    return JSON.stringify({ database: name, location: engine.location, ...migrations }, null, 2);
  const did = migrations.applied.length;
  const what = did === 0 ? 'is up to date' : `is ready: ${did} migration${did === 1 ? '' : 's'} applied`;
  return `${name} in ${engine.location} ${what}.\nNext: ${nextCommand(['ingest', '--network', options.network, '--from', '<folder>'], options)}`;
}
