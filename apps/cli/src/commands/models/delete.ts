import { deleteModel } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../../options.ts';
import { fillAlias } from '../../output/fill-alias.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface DeleteOptions extends ModelsOptions {
  readonly force: boolean;
}

/** `risk-scoring models delete`. */
export function addDelete(models: Command): void {
  models
    .command('delete')
    .description('delete a model with its files, its report and its card; scores that it gave stay')
    .argument('<model>', 'its id')
    .addOption(common.network())
    .option('--force', 'also where an alias stands for it', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((model: string, options: DeleteOptions) =>
      runCommand(options, (context) => remove(model, options, context)),
    );
}

async function remove(model: string, options: DeleteOptions, context: CommandContext): Promise<string> {
  const { force } = options;
  const deleted = await withDatabase(options, context, (database) => deleteModel(database, model, { force }));
  if (options.json) return JSON.stringify(deleted, null, 2);
  const { model_id: id, files, aliases } = deleted;
  return [
    files.length === 0 ? `Deleted ${id}; its files were not there any more.` : `Deleted ${id} and its files:`,
    ...files.map((file) => `  ${file}`),
    ...aliases.map(
      ({ alias, model_type: type }) =>
        `The ${type} alias ${alias} stands for nothing now: ${fillAlias({ alias, type }, options)}`,
    ),
  ].join('\n');
}
