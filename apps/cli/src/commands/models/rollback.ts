import { type AliasMove, parseModelType, rollbackAlias } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, wholeNumber } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface RollbackOptions extends ModelsOptions {
  readonly modelType: string;
  readonly steps: number;
}

/** `risk-scoring models rollback`. */
export function addRollback(models: Command): void {
  models
    .command('rollback')
    .description('let an alias stand for the model before the present one again')
    .argument('<alias>', 'champion, challenger or any other alias')
    .addOption(common.network())
    .option('--model-type <type>', 'the type of its models', 'alert_scorer')
    .option('--steps <number>', 'how many models to go back', wholeNumber(1), 1)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((alias: string, options: RollbackOptions) =>
      runCommand(options, (context) => rollback(alias, options, context)),
    );
}

async function rollback(alias: string, options: RollbackOptions, context: CommandContext): Promise<string> {
  const { steps, json, network } = options;
  const modelType = parseModelType(options.modelType);
  const move = await withDatabase(options, context, (database) =>
    rollbackAlias(database, { modelType, alias, steps }),
  );
  if (json) return JSON.stringify(move, null, 2);
  return [
    showMove(move),
    `Its moves: ${nextCommand(['models', 'aliases', '--network', network, '--alias', alias, '--history'], options)}`,
  ].join('\n');
}

/** `The alert_scorer alias champion stands for … (before: …).` */
function showMove({ model_type: type, alias, from, to }: AliasMove): string {
  return `The ${type} alias ${alias} stands for ${to ?? 'no model'} (before: ${from ?? 'no model'}).`;
}
