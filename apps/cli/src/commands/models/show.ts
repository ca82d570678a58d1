import { loadModel, parseModelType } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../../options.ts';
import { showMetrics } from '../../output/metrics.ts';
import { count, figure, table } from '../../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface ShowOptions extends ModelsOptions {
  readonly modelType?: string;
}

/** `risk-scoring models show`. */
export function addShow(models: Command): void {
  models
    .command('show')
    .description('a model, its figures and files, each file checked against what was saved')
    .argument('[model]', 'a model id, an alias such as champion, the path of its .json, or latest', 'latest')
    .addOption(common.network())
    .option('--model-type <type>', 'the type that the latest model or the alias is of')
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((model: string, options: ShowOptions) =>
      runCommand(options, (context) => show(model, options, context)),
    );
}

async function show(model: string, options: ShowOptions, context: CommandContext): Promise<string> {
  const { modelType } = options;
  const selection = { model, ...(modelType === undefined ? {} : { modelType: parseModelType(modelType) }) };
  const { metadata, metadataPath } = await withDatabase(options, context, (database) =>
    loadModel(database, selection),
  );
  if (options.json) return JSON.stringify(metadata, null, 2);
  const strongest = Object.entries(metadata.feature_importances).slice(0, 10);
  const total = Object.values(metadata.feature_importances).reduce((sum, gain) => sum + gain, 0);
  return [
    showMetrics(metadata),
    '',
    'Features that helped most (share of all gain)',
    table([['feature', 'share'], ...strongest.map(([name, gain]) => [name, figure(gain / total)])]),
    '',
    `Files, all as they were saved, beside ${metadataPath}`,
    ...Object.entries(metadata.files).map(
      ([name, { role, bytes }]) => `  ${name}  (${role}, ${count(bytes)} bytes)`,
    ),
  ].join('\n');
}
