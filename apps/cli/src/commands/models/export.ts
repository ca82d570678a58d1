import { type ExportedModel, exportModel, loadModel, parseModelType } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, someText } from '../../options.ts';
import { bytes } from '../../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface ExportCommandOptions extends ModelsOptions {
  readonly modelType?: string;
  readonly out?: string;
  readonly force: boolean;
}

/** `risk-scoring models export`. */
export function addExport(models: Command): void {
  models
    .command('export')
    .description('pack all files of a model into one zip, each checked against what was saved')
    .argument('<model>', 'a model id, an alias, the path of its .json, or latest')
    .addOption(common.network())
    .option('--model-type <type>', 'the type that an alias, or latest, is meant of')
    .option('--out <file>', 'the archive (default: the model id with .zip, in this folder)', someText)
    .option('--force', 'replace the file that is there', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((model: string, options: ExportCommandOptions) =>
      runCommand(options, (context) => pack(model, options, context)),
    );
}

async function pack(model: string, options: ExportCommandOptions, context: CommandContext): Promise<string> {
  const { force, json, out } = options;
  const type = options.modelType === undefined ? {} : { modelType: parseModelType(options.modelType) };
  const exported = await withDatabase(options, context, async (database) => {
    const { metadata } = await loadModel(database, { model, ...type });
    return exportModel(database, model, { file: out ?? `${metadata.model_id}.zip`, force, ...type });
  });
  return json ? JSON.stringify(described(exported), null, 2) : shown(exported);
}

function described({ metadata, file, bytes: size, sha256, names }: ExportedModel) {
  return { model_id: metadata.model_id, file, bytes: size, sha256, names };
}

function shown({ metadata, file, bytes: size, sha256, names }: ExportedModel): string {
  return [
    `${metadata.model_id} is in ${file}: ${names.length} files, ${bytes(size)}.`,
    `sha256 ${sha256}`,
    `Whoever gets it runs: npx risk-scoring models import FILE --network ${metadata.network}`,
  ].join('\n');
}
