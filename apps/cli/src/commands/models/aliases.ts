import {
  type AliasMove,
  type AliasState,
  aliasHistory,
  listAliases,
  listModels,
  parseModelType,
} from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, someText } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { table } from '../../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

interface AliasesOptions extends ModelsOptions {
  readonly modelType?: string;
  readonly alias?: string;
  readonly history: boolean;
}

/** `risk-scoring models aliases`. */
export function addAliases(models: Command): void {
  models
    .command('aliases')
    .description('the aliases of models, such as champion, and what they stand for')
    .addOption(common.network())
    .option('--model-type <type>', 'only those of this type: alert_scorer, alert_ranker or cluster_scorer')
    .option('--alias <name>', 'only this one', someText)
    .option('--history', 'every move, the newest first', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: AliasesOptions) => runCommand(options, (context) => aliases(options, context)));
}

async function aliases(options: AliasesOptions, context: CommandContext): Promise<string> {
  const { modelType, alias, history, json, network } = options;
  const filter = {
    ...(modelType === undefined ? {} : { modelType: parseModelType(modelType) }),
    ...(alias === undefined ? {} : { alias }),
  };
  return withDatabase(options, context, async (database) => {
    const moves = history ? await aliasHistory(database, filter) : [];
    const states = history ? [] : await listAliases(database, filter);
    if (json) return JSON.stringify(history ? moves : states, null, 2);
    if (moves.length > 0) return showHistory(moves);
    if (states.length > 0) {
      const known = new Set((await listModels(database)).map(({ model_id: id }) => id));
      return showStates(states, known);
    }
    const wanted = alias === undefined ? [] : ['--alias', alias];
    const promote = ['models', 'promote', 'MODEL', ...wanted, '--network', network];
    return `No such aliases of ${network}. Make one with: ${nextCommand(promote, options)}`;
  });
}

function showStates(states: readonly AliasState[], known: ReadonlySet<string>): string {
  return table([
    ['type', 'alias', 'model', 'since (UTC)', 'reason'],
    ...states.map((state) => [
      state.model_type,
      state.alias,
      known.has(state.model_id) ? state.model_id : `${state.model_id} (deleted)`,
      seconds(state.moved_at),
      state.reason,
    ]),
  ]);
}

function showHistory(moves: readonly AliasMove[]): string {
  return table([
    ['type', 'alias', 'moved (UTC)', 'from', 'to', 'reason'],
    ...moves.map((move) => [
      move.model_type,
      move.alias,
      seconds(move.moved_at),
      move.from ?? '–',
      move.to ?? '–',
      move.reason,
    ]),
  ]);
}

const seconds = (time: string): string => time.slice(0, 19);
