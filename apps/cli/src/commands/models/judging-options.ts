import { InvalidInputError } from '@risk-scoring/contract';
import { type JudgingRequest, labelStrategyByName, parseModelType } from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { common, someText, wholeNumber } from '../../options.ts';
import type { CommandContext } from '../../run.ts';
import type { ModelsOptions } from './options.ts';

/** What commands take that judge saved models on snapshots. */
export interface JudgingFlags extends ModelsOptions {
  readonly date?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly windowDays?: number;
  readonly modelType?: string;
  readonly labels?: string;
  readonly seed: number;
}

/** Adds the options of {@link JudgingFlags}. */
export function addJudgingOptions(command: Command): Command {
  return command
    .addOption(common.network())
    .option('--date <date>', 'processing date of the snapshot to judge on, YYYY-MM-DD (default: the latest)')
    .option('--start-date <date>', 'first processing date of a range, in place of --date')
    .option('--end-date <date>', 'last processing date of a range, inclusive')
    .addOption(
      new Option(
        '--window-days <days>',
        'window of the model; latest is looked for in it (default: any)',
      ).argParser(wholeNumber(1)),
    )
    .option(
      '--model-type <type>',
      'of which type the model, latest or an alias is: alert_scorer, alert_ranker or cluster_scorer',
    )
    .addOption(
      new Option(
        '--labels <strategy>',
        'judge by this label strategy (default: the one that judged the models in training)',
      ).argParser(someText),
    )
    .addOption(new Option('--seed <number>', 'seed of the bootstrap').argParser(wholeNumber(0)).default(42))
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json());
}

/** Which models are meant. */
export function selectionOf({ modelType, windowDays }: JudgingFlags) {
  return {
    ...(modelType === undefined ? {} : { modelType: parseModelType(modelType) }),
    ...(windowDays === undefined ? {} : { windowDays }),
  };
}

/**
 * How they are judged.
 *
 * @throws {InvalidInputError} for dates that do not go together, or a label strategy that is not there
 */
export function judgingOf(flags: JudgingFlags, { signal, progress }: CommandContext): JudgingRequest {
  return {
    ...datesOf(flags),
    ...(flags.labels === undefined ? {} : { labelStrategy: labelStrategyByName(flags.labels) }),
    seed: flags.seed,
    signal,
    onProgress: (update) => progress.update(update),
  };
}

function datesOf({ date, startDate, endDate }: JudgingFlags): Pick<JudgingRequest, 'startDate' | 'endDate'> {
  if (date !== undefined && startDate === undefined && endDate === undefined)
    return { startDate: date, endDate: date };
  if (date === undefined && (startDate === undefined) === (endDate === undefined))
    return startDate === undefined ? {} : { startDate, endDate };
  throw new InvalidInputError({
    what: 'The snapshots to judge on',
    expected: '--date, or --start-date and --end-date, or none of them for the latest snapshot',
    found: [
      ...(date === undefined ? [] : [`--date ${date}`]),
      ...(startDate === undefined ? [] : [`--start-date ${startDate}`]),
      ...(endDate === undefined ? [] : [`--end-date ${endDate}`]),
    ].join(' '),
  });
}
