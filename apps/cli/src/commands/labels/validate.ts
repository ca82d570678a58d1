import {
  featureGroupsOf,
  type LabelSubject,
  type LabelValidation,
  parseLabelSetName,
  trainingOf,
  validateLabels,
} from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { configOf } from '../../config.ts';
import { someText } from '../../options.ts';
import { EXIT_CODES } from '../../output/exit-codes.ts';
import { nextCommand } from '../../output/next-command.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../../run.ts';
import {
  type LabelsOptions,
  labelOf,
  labelsCommand,
  type PeriodOptions,
  periodOf,
  withFileReading,
  withPeriod,
} from './options.ts';
import { showValidation } from './show-validation.ts';

interface ValidateOptions extends LabelsOptions, PeriodOptions {
  readonly from?: string;
  readonly dataSet?: string;
  readonly label?: string;
  readonly skipEmpty: boolean;
  readonly noise: boolean;
  readonly failOn: 'problems' | 'remarks' | 'nothing';
}

/** `risk-scoring labels validate`: what labels are worth for a period. */
export function addValidate(labels: Command): void {
  labelsCommand(labels, 'validate', {
    description: 'say what labels are worth: a file, a data set, or all that the database has',
    own: (command) =>
      withPeriod(
        withFileReading(
          command
            .addOption(
              new Option('--from <file>', 'a file of labels: CSV, NDJSON or Parquet').argParser(someText),
            )
            .addOption(
              new Option('--data-set <name[@version]>', 'an imported data set')
                .argParser(someText)
                .conflicts(['from', 'label', 'skipEmpty']),
            ),
        ),
      )
        .option('--noise', 'look for labels that models contradict, which takes a training', false)
        .addOption(
          new Option('--fail-on <what>', 'what ends the command with exit code 3')
            .choices(['problems', 'remarks', 'nothing'])
            .default('problems'),
        ),
  })
    .addHelpText(
      'after',
      `
Examples:
  risk-scoring labels validate --network ethereum --from labels.csv
  risk-scoring labels validate --network ethereum --data-set my-labels@1.0.0 --noise
  risk-scoring labels validate --network ethereum --fail-on remarks`,
    )
    .action((options: ValidateOptions) => runCommand(options, (context) => run(options, context)));
}

async function run(options: ValidateOptions, context: CommandContext): Promise<string> {
  const { signal, progress } = context;
  const config = await configOf(options);
  const { labelStrategy, ...training } = await trainingOf(config, {
    flags: { modelType: 'alert_scorer' },
    folder: process.cwd(),
  });
  const { modelType: _, evaluationLabels: __, ...models } = training;
  const noise = options.noise ? { ...models, featureGroups: await featureGroupsOf(config) } : undefined;
  const validation = await withConfiguredDatabase(config, options, {
    context,
    work: (database) =>
      validateLabels(database, {
        period: periodOf(options),
        labels: subjectOf(options),
        labelStrategy,
        noise,
        signal,
        onProgress: (update) => progress.update(update),
      }),
  });
  if (fails(validation, options.failOn)) process.exitCode = EXIT_CODES.data;
  if (options.json) return JSON.stringify(validation, null, 2);
  return [showValidation(validation), ...next(options, validation)].join('\n');
}

function subjectOf(options: ValidateOptions): LabelSubject {
  const { from, dataSet, skipEmpty } = options;
  if (from !== undefined) return { kind: 'file', file: from, label: labelOf(options), skipEmpty };
  if (dataSet !== undefined) return { kind: 'data-set', ...parseLabelSetName(dataSet) };
  return { kind: 'database' };
}

function fails({ problems, remarks }: LabelValidation, failOn: ValidateOptions['failOn']): boolean {
  if (failOn === 'nothing') return false;
  return problems.length > 0 || (failOn === 'remarks' && remarks.length > 0);
}

/** Importing a file that a model can learn from. */
function next(options: ValidateOptions, { problems }: LabelValidation): string[] {
  const { from, network, label, skipEmpty } = options;
  if (from === undefined || problems.length > 0) return [];
  const reading = [
    ...(label === undefined ? [] : ['--label', label]),
    ...(skipEmpty ? ['--skip-empty'] : []),
  ];
  const args = ['labels', 'import', '--network', network, '--from', from, '--source', 'NAME', ...reading];
  return ['', `Next: ${nextCommand(args, options)}`];
}
