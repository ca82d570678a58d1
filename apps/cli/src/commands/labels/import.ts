import { type ImportedLabels, importLabels, trainingOf } from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { configOf } from '../../config.ts';
import { someText } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { count } from '../../output/table.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../../run.ts';
import { type LabelsOptions, labelOf, labelsCommand, withFileReading } from './options.ts';

interface ImportOptions extends LabelsOptions {
  readonly from: string;
  readonly source: string;
  readonly dataSet?: string;
  readonly setVersion: string;
  readonly label?: string;
  readonly skipEmpty: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** `risk-scoring labels import`: a file of labels becomes a version of a data set. */
export function addImport(labels: Command): void {
  labelsCommand(labels, 'import', {
    description: 'store a file of labels as a version of a data set, beside those of the snapshots',
    own: (command) =>
      withFileReading(
        command
          .requiredOption('--from <file>', 'a file of labels: CSV, NDJSON or Parquet', someText)
          .requiredOption('--source <name>', 'who says so, for rows that name no source', someText)
          .addOption(
            new Option('--data-set <name>', 'the data set (default: the name of the source)').argParser(
              someText,
            ),
          )
          .option('--set-version <version>', 'the version of the data set', someText, '1.0.0'),
      )
        .option('--force', 'replace the version where it is there with other rows', false)
        .option('--dry-run', 'read and check everything, and write nothing', false),
  })
    .addHelpText(
      'after',
      `
Examples:
  risk-scoring labels import --network ethereum --from labels.csv --source my-team
  risk-scoring labels import --network ethereum --from scam-list.csv --source scam-list --label 1 --set-version 2026-11`,
    )
    .action((options: ImportOptions) => runCommand(options, (context) => run(options, context)));
}

async function run(options: ImportOptions, context: CommandContext): Promise<string> {
  const { signal, progress } = context;
  const config = await configOf(options);
  const { labelStrategy } = await trainingOf(config, { folder: process.cwd() });
  const imported = await withConfiguredDatabase(config, options, {
    context,
    work: (database) =>
      importLabels(database, {
        file: options.from,
        source: options.source,
        dataSet: options.dataSet,
        version: options.setVersion,
        label: labelOf(options),
        skipEmpty: options.skipEmpty,
        labelStrategy,
        force: options.force,
        dryRun: options.dryRun,
        signal,
        onRows: ({ rows, totalRows }) =>
          progress.update({ stage: 'importing labels', done: rows, total: totalRows }),
      }),
  });
  return options.json ? JSON.stringify(imported, null, 2) : show(options, imported);
}

function show(options: ImportOptions, imported: ImportedLabels): string {
  const { rows, skipped, warnings, data_set: dataSet, version } = imported;
  const { conflicts } = rows;
  const set = ['--data-set', `${dataSet}@${version}`];
  const next = options.dryRun ? again(options) : ['labels', 'validate', '--network', options.network, ...set];
  return [
    outcomeOf(imported),
    `  ${count(rows.suspicious)} suspicious, ${count(rows.normal)} normal${rows.neither > 0 ? `, ${count(rows.neither)} neither` : ''}`,
    ...(skipped > 0 ? [`  ${count(skipped)} rows without a label were left out`] : []),
    ...(conflicts.addresses > 0
      ? [
          `  ${count(conflicts.addresses)} addresses are suspicious and normal, such as ${conflicts.first.join(', ')}`,
        ]
      : []),
    ...warnings.map((warning) => `  note: ${warning}`),
    '',
    `Next: ${nextCommand(next, options)}`,
  ].join('\n');
}

function outcomeOf({ outcome, rows, data_set: dataSet, version, before }: ImportedLabels): string {
  const what = `${count(rows.rows)} rows about ${count(rows.addresses)} addresses`;
  const set = `${dataSet}@${version}`;
  switch (outcome) {
    case 'imported':
      return `Imported ${what} as ${set}.`;
    case 'replaced':
      return `Replaced ${set}, which had ${count(before?.rows ?? 0)} rows, by ${what}.`;
    case 'unchanged':
      return `${set} is there already with the same ${what}; nothing was written.`;
    case 'not written':
      return `${what} would be ${set}${before === null ? '' : `, which is there already with ${count(before.rows)} rows: other rows need --force`}. Nothing was written.`;
  }
}

/** The same command, to write. */
function again(options: ImportOptions): string[] {
  const { network, from, source, dataSet, setVersion, label, skipEmpty, force } = options;
  return [
    ...['labels', 'import', '--network', network, '--from', from, '--source', source],
    ...(dataSet === undefined ? [] : ['--data-set', dataSet]),
    ...(setVersion === '1.0.0' ? [] : ['--set-version', setVersion]),
    ...(label === undefined ? [] : ['--label', label]),
    ...(skipEmpty ? ['--skip-empty'] : []),
    ...(force ? ['--force'] : []),
  ];
}
