import {
  type AliasState,
  listAliases,
  listModels,
  parseModelType,
  type TrainedModelRow,
} from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, wholeNumber } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { count, figure, table } from '../../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface ListOptions extends ModelsOptions {
  readonly modelType?: string;
  readonly windowDays?: number;
}

/** `risk-scoring models list`. */
export function addList(models: Command): void {
  models
    .command('list')
    .description('the models of a network, newest first')
    .addOption(common.network())
    .option('--model-type <type>', 'only alert_scorer, alert_ranker or cluster_scorer')
    .option('--window-days <days>', 'only models of snapshots with this window', wholeNumber(1))
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: ListOptions) => runCommand(options, (context) => list(options, context)));
}

/** A model and the aliases that stand for it. */
interface ListedModel extends TrainedModelRow {
  readonly aliases: readonly string[];
}

async function list(options: ListOptions, context: CommandContext): Promise<string> {
  const { modelType, windowDays } = options;
  const filter = {
    ...(modelType === undefined ? {} : { modelType: parseModelType(modelType) }),
    ...(windowDays === undefined ? {} : { windowDays }),
  };
  const models = await withDatabase(options, context, async (database) =>
    withAliases(await listModels(database, filter), await listAliases(database)),
  );
  if (options.json) return JSON.stringify(models, null, 2);
  if (models.length === 0) {
    const kind = Object.keys(filter).length === 0 ? '' : ' of that type and window';
    return `No models of ${options.network}${kind} yet. Train one with: ${nextCommand(['train', '--network', options.network, '--start-date', 'YYYY-MM-DD', '--end-date', 'YYYY-MM-DD'], options)}`;
  }
  return table([
    ['model', 'type', 'created (UTC)', 'trained on', 'window', 'samples', 'test AUC', 'CV AUC', 'aliases'],
    ...models.map(toRow),
  ]);
}

function withAliases(rows: readonly TrainedModelRow[], aliases: readonly AliasState[]): ListedModel[] {
  return rows.map((row) => ({
    ...row,
    aliases: aliases.filter((alias) => alias.model_id === row.model_id).map(({ alias }) => alias),
  }));
}

function toRow(model: ListedModel): string[] {
  return [
    model.model_id,
    model.model_type,
    model.created_at,
    `${model.training_start_date} to ${model.training_end_date}`,
    `${model.window_days}`,
    count(model.num_samples),
    figure(model.test_auc),
    model.cv_auc_mean === null ? '–' : `${figure(model.cv_auc_mean)} ± ${figure(model.cv_auc_std)}`,
    model.aliases.join(', '),
  ];
}
