import { compareModels } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { showComparison } from '../../output/comparison.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import { addJudgingOptions, type JudgingFlags, judgingOf, selectionOf } from './judging-options.ts';

/** `risk-scoring models compare`. */
export function addCompare(models: Command): void {
  const command = models
    .command('compare')
    .description(
      'two models side by side, and what both score on the same snapshots: the difference of their AUC, of rankers that of NDCG@k and MAP, on rows that neither learned from, with its interval',
    )
    .argument('<first>', 'a model id, an alias such as champion, the path of its .json, or latest')
    .argument('<second>', 'the one that is compared with it');
  addJudgingOptions(command).action((first: string, second: string, flags: JudgingFlags) =>
    runCommand(flags, (context) => compare({ first, second }, flags, context)),
  );
}

async function compare(
  pair: { readonly first: string; readonly second: string },
  flags: JudgingFlags,
  context: CommandContext,
): Promise<string> {
  const request = { ...pair, ...selectionOf(flags), ...judgingOf(flags, context) };
  const comparison = await withDatabase(flags, context, (database) => compareModels(database, request));
  return flags.json ? JSON.stringify(comparison, null, 2) : showComparison(comparison);
}
