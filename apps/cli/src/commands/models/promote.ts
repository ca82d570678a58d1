import { InvalidInputError } from '@risk-scoring/contract';
import { type GateOptions, type Promotion, promoteModel } from '@risk-scoring/pipeline';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { someText } from '../../options.ts';
import { showUsedStrategy } from '../../output/judged-rows.ts';
import { count, table } from '../../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import { addJudgingOptions, type JudgingFlags, judgingOf, selectionOf } from './judging-options.ts';

interface PromoteFlags extends JudgingFlags {
  readonly alias: string;
  readonly gate: boolean;
  readonly minImprovement?: number;
  readonly confident: boolean;
  readonly maxEce?: number;
  readonly reason?: string;
}

/** `risk-scoring models promote`. */
export function addPromote(models: Command): void {
  const command = models
    .command('promote')
    .description(
      'let an alias such as champion stand for a model; with a gate only if the model shows on rows that it has not learned from that it may',
    )
    .argument('<model>', 'a model id, an alias, the path of its .json, or latest')
    .option('--alias <name>', 'the alias to move', 'champion')
    .option(
      '--gate',
      'demand that it is calibrated and no leak was found, on at least 50 labelled rows',
      false,
    )
    .addOption(
      new Option(
        '--min-improvement <difference>',
        'demand besides that its AUC, of an alert_ranker its NDCG@10, is better than the present one’s by this at least, such as 0.005; may be 0 or negative',
      ).argParser(number),
    )
    .option('--confident', 'demand besides that the interval of the difference is above 0', false)
    .addOption(
      new Option(
        '--max-ece <error>',
        'the greatest expected calibration error that the gate lets pass (default: 0.1)',
      ).argParser(number),
    )
    .addOption(
      new Option('--reason <text>', 'kept with the move (default: what the gate saw)').argParser(someText),
    );
  addJudgingOptions(command).action((model: string, flags: PromoteFlags) =>
    runCommand(flags, (context) => promote(model, flags, context)),
  );
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number such as 0.01.');
}

async function promote(model: string, flags: PromoteFlags, context: CommandContext): Promise<string> {
  const { alias, reason } = flags;
  const gate = gateOf(flags, context);
  const request = {
    model,
    alias,
    ...selectionOf(flags),
    ...(gate === undefined ? {} : { gate }),
    ...(reason === undefined ? {} : { reason }),
  };
  const promotion = await withDatabase(flags, context, (database) => promoteModel(database, request));
  return flags.json ? JSON.stringify(promotion, null, 2) : showPromotion(promotion);
}

/** What is demanded; undefined where nothing is. */
function gateOf(flags: PromoteFlags, context: CommandContext): GateOptions | undefined {
  const { gate, minImprovement, confident, maxEce } = flags;
  if (gate || minImprovement !== undefined || confident || maxEce !== undefined) {
    return {
      ...judgingOf(flags, context),
      ...(minImprovement === undefined ? {} : { minImprovement }),
      ...(maxEce === undefined ? {} : { maxEce }),
      confident,
    };
  }
  const without = (['date', 'startDate', 'endDate', 'labels'] as const).filter(
    (name) => flags[name] !== undefined,
  );
  if (without.length === 0) return undefined;
  throw new InvalidInputError({
    what: 'What to judge the model on',
    expected: 'a gate that judges it: --gate, --min-improvement, --confident or --max-ece',
    found: 'none',
    remedy: 'add --gate, or leave the dates and --labels out',
  });
}

function showPromotion({ model_id: modelId, alias, from, moved, gate }: Promotion): string {
  if (!moved) return `${alias} stands for ${modelId} already; nothing was judged or moved.`;
  const before = from === null ? 'it stood for no model before' : `it stood for ${from} before`;
  const done = `${alias} now stands for ${modelId}; ${before}.`;
  if (gate === null) return `${done}\nNo gate was asked for: nothing was judged.`;
  return [
    table([
      ['shown', ''],
      ...gate.conditions.flatMap(({ condition, expected, found }) => [
        [condition, found],
        ['', `demanded: ${expected}`],
      ]),
    ]),
    `Judged on ${count(gate.rows?.rows ?? 0)} rows of ${gate.judged_on} that ${gate.champion === null ? 'it has not' : 'neither model has'} learned from.`,
    ...showUsedStrategy(gate.labels),
    ...gate.remarks.map((remark) => `Note: ${remark}.`),
    '',
    done,
  ].join('\n');
}
