import { listModels, type TrainedModelRow } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { count, figure, table } from '../../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

/** `risk-scoring models list`. */
export function addList(models: Command): void {
  models
    .command('list')
    .description('the models of a network, newest first')
    .addOption(common.network())
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: ModelsOptions) => runCommand(options, (context) => list(options, context)));
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
