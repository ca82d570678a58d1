import { assertServes, registerModel } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../../options.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

/** `risk-scoring models register`. */
export function addRegister(models: Command): void {
  models
    .command('register')
    .description(
      'make a model known that lies on the disk, once each of its files is checked and it can score',
    )
    .argument('<file>', 'its metadata, ….json')
    .addOption(common.network())
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((file: string, options: ModelsOptions) =>
      runCommand(options, (context) => register(file, options, context)),
    );
}

async function register(file: string, options: ModelsOptions, context: CommandContext): Promise<string> {
  const registered = await withDatabase(options, context, (database) =>
    registerModel(database, file, { check: assertServes }),
  );
  if (options.json) return JSON.stringify(registered, null, 2);
  return registered.outcome === 'registered'
    ? `${registered.model_id} is registered; its files are as they were saved.`
    : `${registered.model_id} was registered already; nothing was changed.`;
}
