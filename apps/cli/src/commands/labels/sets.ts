import { type LabelSetInfo, listLabelSets, parseLabelSetName, removeLabelSet } from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { someText } from '../../options.ts';
import { nextCommand } from '../../output/next-command.ts';
import { count, table } from '../../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../../run.ts';
import { type LabelsOptions, labelsCommand } from './options.ts';

interface RemoveOptions extends LabelsOptions {
  readonly dataSet: string;
  readonly setVersion?: string;
}

/** `risk-scoring labels list`: the imported data sets. */
export function addList(labels: Command): void {
  labelsCommand(labels, 'list', {
    description: 'list the imported data sets and their versions',
    own: (command) => command,
  }).action((options: LabelsOptions) => runCommand(options, (context) => list(options, context)));
}

/** `risk-scoring labels remove`: takes a data set from all readers. */
export function addRemove(labels: Command): void {
  labelsCommand(labels, 'remove', {
    description: 'remove an imported data set, or one version of it',
    own: (command) =>
      command
        .requiredOption('--data-set <name[@version]>', 'the data set', someText)
        .addOption(
          new Option('--set-version <version>', 'the version (default: all of them)').argParser(someText),
        ),
  }).action((options: RemoveOptions) => runCommand(options, (context) => remove(options, context)));
}

async function list(options: LabelsOptions, context: CommandContext): Promise<string> {
  const sets = await withDatabase(options, context, listLabelSets);
  if (options.json) return JSON.stringify(sets, null, 2);
  if (sets.length > 0) return show(sets);
  const args = ['labels', 'import', '--network', options.network, '--from', 'FILE', '--source', 'NAME'];
  return `No data set was imported.\n\nNext: ${nextCommand(args, options)}`;
}

function show(sets: readonly LabelSetInfo[]): string {
  return table([
    ['data set', 'version', 'latest', 'rows', 'addresses', 'imported', 'from'],
    ...sets.map(({ dataSet, version, isLatest, rows, addresses, importedAt, source }) => [
      dataSet,
      version,
      isLatest ? 'yes' : '',
      count(rows),
      count(addresses),
      importedAt,
      source === '' ? 'inserted by hand' : source,
    ]),
  ]);
}

async function remove(options: RemoveOptions, context: CommandContext): Promise<string> {
  const { setVersion, json } = options;
  const named = parseLabelSetName(options.dataSet);
  const set = setVersion === undefined ? named : { dataSet: named.dataSet, version: setVersion };
  const removed = await withDatabase(options, context, (database) => removeLabelSet(database, set));
  if (json) return JSON.stringify({ removed }, null, 2);
  return `Removed ${removed.map((set) => `${set.dataSet}@${set.version}`).join(', ')}.`;
}
