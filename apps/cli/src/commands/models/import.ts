import { assertServes, importModel, type ModelMetadata } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { configOf, configured } from '../../config.ts';
import { common, someText } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface ImportCommandOptions extends ModelsOptions {
  readonly outputDir?: string;
}

/** `risk-scoring models import`. */
export function addImport(models: Command): void {
  models
    .command('import')
    .description('take in a model from the zip of an export: all of it, checked, or nothing')
    .argument('<file>', 'the archive')
    .addOption(common.network())
    .addOption(
      configured('--output-dir <folder>', 'where models are saved', 'training.output_dir').argParser(
        someText,
      ),
    )
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((file: string, options: ImportCommandOptions) =>
      runCommand(options, (context) => unpack(file, options, context)),
    );
}

/** A model carries the feature groups that are not the product's own: SQL that runs when it scores. */
function foreignSql({ feature_plan: { definitions = [] } }: ModelMetadata): string[] {
  if (definitions.length === 0) return [];
  const names = definitions.map(({ name }) => name).join(', ');
  return [`It brings feature SQL of its own, which runs on your database when it scores: ${names}.`];
}

async function unpack(file: string, options: ImportCommandOptions, context: CommandContext): Promise<string> {
  const config = await configOf(options);
  const outputDir = options.outputDir ?? config.training.outputDir;
  const { metadata, metadataPath, outcome } = await withConfiguredDatabase(config, options, {
    context,
    work: (database) => importModel(database, file, { outputDir, check: assertServes }),
  });
  const { model_id: id, network } = metadata;
  if (options.json) return JSON.stringify({ model_id: id, outcome, metadata_path: metadataPath }, null, 2);
  return [
    outcome === 'imported'
      ? `${id} was imported: ${metadataPath}`
      : `${id} is here already, with the same content: ${metadataPath}. Nothing was changed.`,
    ...foreignSql(metadata),
    `Look at it with: ${nextCommand(['models', 'show', id, '--network', network], options)}`,
  ].join('\n');
}
