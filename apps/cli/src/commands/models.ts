import { listModels, loadModel, type TrainedModelRow } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../options.ts';
import { showMetrics } from '../output/metrics.ts';
import { nextCommand } from '../output/next-command.ts';
import { count, figure, table } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface ModelsOptions {
  readonly network: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring models`: what was trained. */
export function addModels(program: Command): void {
  const models = program.command('models').description('list and show saved models');
  models
    .command('list')
    .description('the models of a network, newest first')
    .addOption(common.network())
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: ModelsOptions) => runCommand(options, (context) => list(options, context)));
  models
    .command('show')
    .description('a model, its figures and files, each file checked against what was saved')
    .argument('[model]', 'a model id, the path of its .json, or latest', 'latest')
    .addOption(common.network())
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((model: string, options: ModelsOptions) =>
      runCommand(options, (context) => show(model, options, context)),
    );
}

async function list(options: ModelsOptions, context: CommandContext): Promise<string> {
  const models = await withDatabase(options, context, (database) => listModels(database));
  if (options.json) return JSON.stringify(models, null, 2);
  if (models.length === 0) {
    return `No models of ${options.network} yet. Train one with: ${nextCommand(['train', '--network', options.network, '…'], options)}`;
  }
  return table([
    ['model', 'created (UTC)', 'trained on', 'window', 'samples', 'test AUC', 'CV AUC'],
    ...models.map(toRow),
  ]);
}

function toRow(model: TrainedModelRow): string[] {
  return [
    model.model_id,
    model.created_at,
    `${model.training_start_date} to ${model.training_end_date}`,
    `${model.window_days}`,
    count(model.num_samples),
    figure(model.test_auc),
    `${figure(model.cv_auc_mean)} ± ${figure(model.cv_auc_std)}`,
  ];
}

async function show(model: string, options: ModelsOptions, context: CommandContext): Promise<string> {
  const { metadata, metadataPath } = await withDatabase(options, context, (database) =>
    loadModel(database, { model }),
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
