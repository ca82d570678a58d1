import {
  AVAILABLE,
  featureGroupsOf,
  MOST_SUGGESTIONS,
  type SuggestedLabels,
  suggestLabels,
  type TrainingFlags,
  trainingOf,
} from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { configOf, configured } from '../../config.ts';
import { several, someText, wholeNumber } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { count, table } from '../../output/table.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../../run.ts';
import {
  type LabelsOptions,
  labelsCommand,
  type PeriodOptions,
  periodOf,
  type StrategyOptions,
  withPeriod,
  withStrategy,
} from './options.ts';

interface SuggestOptions
  extends LabelsOptions,
    PeriodOptions,
    StrategyOptions,
    Pick<TrainingFlags, 'trainer' | 'trainerSetting'> {
  readonly count: number;
  readonly out: string;
  readonly force: boolean;
}

/** `risk-scoring labels suggest`: which addresses to label next. */
export function addSuggest(labels: Command): void {
  labelsCommand(labels, 'suggest', {
    description: 'write the addresses whose labels would teach a model most, as a CSV to fill in',
    own: (command) =>
      withStrategy(
        withPeriod(
          command
            .option(
              '--count <number>',
              `how many addresses, at most ${MOST_SUGGESTIONS}`,
              wholeNumber(1),
              100,
            )
            .requiredOption('--out <file>', 'the CSV to write', someText),
        ),
      )
        .addOption(
          configured(
            '--trainer <name>',
            `what trains the models: ${AVAILABLE.trainers.join(', ')}`,
            'training.trainer',
          ).argParser(someText),
        )
        .addOption(
          new Option(
            '--trainer-setting <key=value>',
            'a setting of the trainer; may be given several times',
          ).argParser(several),
        )
        .option('--force', 'replace the file where it is there already', false),
  })
    .addHelpText(
      'after',
      `
Fill in the column label (1 suspicious, 0 normal) where you know it, and import the file with --skip-empty.`,
    )
    .action((options: SuggestOptions) => runCommand(options, (context) => run(options, context)));
}

async function run(options: SuggestOptions, context: CommandContext): Promise<string> {
  const { labelStrategy: named, labelSetting, seed, trainer, trainerSetting } = options;
  const { signal, progress } = context;
  const config = await configOf(options);
  const {
    modelType: _,
    evaluationLabels: __,
    ...training
  } = await trainingOf(config, {
    flags: { modelType: 'alert_scorer', labelStrategy: named, labelSetting, seed, trainer, trainerSetting },
    folder: process.cwd(),
  });
  const featureGroups = await featureGroupsOf(config);
  const suggested = await withConfiguredDatabase(config, options, {
    context,
    work: (database) =>
      suggestLabels(database, {
        ...training,
        featureGroups,
        period: periodOf(options),
        count: options.count,
        out: options.out,
        force: options.force,
        signal,
        onProgress: (update) => progress.update(update),
      }),
  });
  return options.json ? JSON.stringify(suggested, null, 2) : show(options, suggested);
}

/** How many suggestions are shown; all are in the file. */
const MOST_SHOWN = 10;

function show(options: SuggestOptions, { file, unlabelled, suggestions }: SuggestedLabels): string {
  const more = suggestions.length - MOST_SHOWN;
  const args = [
    'labels',
    'import',
    '--network',
    options.network,
    '--from',
    options.out,
    '--source',
    'NAME',
    '--skip-empty',
  ];
  return [
    `Wrote ${count(suggestions.length)} of ${count(unlabelled)} addresses without a label to ${file}.`,
    '',
    table([
      ['address', 'score', 'uncertainty', 'alerts', 'last seen', 'typologies'],
      ...suggestions
        .slice(0, MOST_SHOWN)
        .map(({ address, score, uncertainty, alerts, last_seen: lastSeen, typologies }) => [
          address,
          score.toFixed(3),
          uncertainty.toFixed(3),
          count(alerts),
          lastSeen,
          typologies.join(', '),
        ]),
    ]),
    ...(more > 0 ? [`… and ${count(more)} more`] : []),
    '',
    `Next: fill in the column label (1 suspicious, 0 normal), then ${nextCommand(args, options)}`,
  ].join('\n');
}
