import { type ExportedLabels, exportLabels, parseLabelSetName, trainingOf } from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { configOf } from '../../config.ts';
import { someText } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { bytes, count } from '../../output/table.ts';
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

interface ExportOptions extends LabelsOptions, PeriodOptions, StrategyOptions {
  readonly out: string;
  readonly dataSet?: string;
  readonly force: boolean;
}

/** `risk-scoring labels export`: labels as a CSV that `labels import` takes. */
export function addExport(labels: Command): void {
  labelsCommand(labels, 'export', {
    description: 'write a data set, or what a label strategy says of addresses, as CSV',
    own: (command) =>
      withStrategy(
        withPeriod(
          command
            .requiredOption('--out <file>', 'the CSV to write', someText)
            .addOption(
              new Option(
                '--data-set <name[@version]>',
                'an imported data set (default: what the label strategy says)',
              )
                .argParser(someText)
                .conflicts(['labelStrategy', 'labelSetting', 'startDate', 'endDate']),
            ),
        ),
      ).option('--force', 'replace the file where it is there already', false),
  }).action((options: ExportOptions) => runCommand(options, (context) => run(options, context)));
}

async function run(options: ExportOptions, context: CommandContext): Promise<string> {
  const { out, force, dataSet, labelStrategy: named, labelSetting, seed: given } = options;
  const { signal, progress } = context;
  const config = await configOf(options);
  const { labelStrategy, seed } = await trainingOf(config, {
    flags: { labelStrategy: named, labelSetting, seed: given },
    folder: process.cwd(),
  });
  const exported = await withConfiguredDatabase(config, options, {
    context,
    work: (database) =>
      exportLabels(database, {
        out,
        force,
        labelSet: dataSet === undefined ? undefined : parseLabelSetName(dataSet),
        period: periodOf(options),
        labelStrategy,
        seed,
        signal,
        onProgress: (update) => progress.update(update),
      }),
  });
  return options.json ? JSON.stringify(exported, null, 2) : show(options, exported);
}

function show(options: ExportOptions, { file, bytes: size, rows, undecided }: ExportedLabels): string {
  const args = ['labels', 'import', '--network', options.network, '--from', options.out, '--source', 'NAME'];
  return [
    `Wrote ${count(rows)} rows to ${file} (${bytes(size)}).`,
    ...(undecided > 0
      ? [`${count(undecided)} addresses have suspicious and normal alerts of equal weight, and no row.`]
      : []),
    '',
    `Next: ${nextCommand(args, options)}`,
  ].join('\n');
}
