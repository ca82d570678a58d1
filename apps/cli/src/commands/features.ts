import {
  type CatalogueGroup,
  type ExportedFeatures,
  exportFeatures,
  featureCatalogue,
  featureGroupsOf,
  findFeature,
  findGroup,
} from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { configOf } from '../config.ts';
import { common, someText } from '../options.ts';
import { bytes, count, table } from '../output/table.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../run.ts';

interface CatalogueOptions {
  readonly config?: string;
  readonly json: boolean;
}

interface ListOptions extends CatalogueOptions {
  readonly group?: string;
}

interface ExportOptions extends CatalogueOptions {
  readonly network: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly windowDays: number;
  readonly out: string;
  readonly force: boolean;
  readonly dataDir?: string;
}

/** `risk-scoring features`: what a model is made of. */
export function addFeatures(program: Command): void {
  const features = program.command('features').description('list, explain and export features');
  features
    .command('list')
    .description('the feature groups, or the columns of one')
    .option('--group <name>', 'the columns of this group', someText)
    .addOption(common.config())
    .addOption(common.json())
    .action((options: ListOptions) => runCommand(options, () => list(options)));
  features
    .command('describe')
    .description('what a feature or a group means')
    .argument('<name>', 'a column or a group')
    .addOption(common.config())
    .addOption(common.json())
    .action((name: string, options: CatalogueOptions) => runCommand(options, () => describe(name, options)));
  features
    .command('export')
    .description('write the features of every alert of a period to a file')
    .addOption(common.network())
    .requiredOption('--start-date <date>', 'first processing date, YYYY-MM-DD')
    .requiredOption('--end-date <date>', 'last processing date, YYYY-MM-DD')
    .addOption(common.windowDays())
    .requiredOption('--out <file>', 'where to: a name that ends in .parquet or .arrow', someText)
    .option('--force', 'replace the file where it is there already', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: ExportOptions) => runCommand(options, (context) => exportMatrix(options, context)));
}

async function list(options: ListOptions): Promise<string> {
  const catalogue = await featureCatalogue(await configOf(options));
  if (options.group !== undefined) {
    const group = findGroup(catalogue, options.group);
    return options.json ? JSON.stringify(group, null, 2) : showColumns(group);
  }
  return options.json ? JSON.stringify(catalogue, null, 2) : showGroups(catalogue);
}

function showGroups(catalogue: readonly CatalogueGroup[]): string {
  const used = catalogue.filter((group) => group.used);
  const features = used.reduce((sum, group) => sum + group.columns.length, 0);
  return [
    table([
      ['group', 'columns', 'one row per', 'default', 'used', 'origin'],
      ...catalogue.map((group) => [
        group.name,
        count(group.columns.length),
        group.per,
        group.default ? 'yes' : 'no',
        group.used ? 'yes' : 'no',
        group.origin,
      ]),
    ]),
    '',
    `A training uses ${count(features)} features of ${used.length} group${used.length === 1 ? '' : 's'}.`,
  ].join('\n');
}

function showColumns(group: CatalogueGroup): string {
  return [
    table([
      ['column', 'kind', 'unit', 'meaning'],
      ...group.columns.map(({ name, kind, unit = '', meaning }) => [name, kind, unit, meaning]),
    ]),
    '',
    `${count(group.columns.length)} ${group.columns.length === 1 ? 'column' : 'columns'} of ${group.name}.`,
  ].join('\n');
}

async function describe(name: string, options: CatalogueOptions): Promise<string> {
  const match = findFeature(await featureCatalogue(await configOf(options)), name);
  if (options.json) {
    const columns = match.columns.map(({ column, group }) => ({ ...column, ...factsOf(group) }));
    return JSON.stringify({ groups: match.groups, columns }, null, 2);
  }
  return [
    ...match.groups.map(describeGroup),
    ...match.columns.map(({ column, group }) =>
      paragraph(`${column.name} (a feature)`, [
        ['meaning', column.meaning],
        ['kind', column.kind],
        ['unit', column.unit ?? 'none'],
        ['NaN', column.missing],
        ...absence(group, column.absent),
        ['group', `${group.name}, ${originOf(group)}`],
        ['reads', group.reads.join(', ')],
      ]),
    ),
  ].join('\n\n');
}

function describeGroup(group: CatalogueGroup): string {
  const facts = paragraph(`${group.name} (a group)`, [
    ['one row', `per ${group.per}`],
    ['default', group.default ? 'yes' : 'no'],
    ['used', group.used ? 'yes' : 'no'],
    ['origin', group.origin],
    ['reads', group.reads.join(', ')],
  ]);
  return [facts, '', showColumns(group)].join('\n');
}

/** What an alert gets whose address has no row in a group per address. */
function absence(group: CatalogueGroup, absent: number | undefined): [string, string][] {
  if (group.per !== 'address') return [];
  return [['no row', `${absent ?? 'NaN'} where the group has no row for the address`]];
}

function factsOf({ per, default: isDefault, used, origin, reads }: CatalogueGroup) {
  return { per, default: isDefault, used, origin, reads };
}

function originOf({ origin }: CatalogueGroup): string {
  return origin === 'built in' ? origin : `from ${origin}`;
}

function paragraph(title: string, facts: readonly (readonly [string, string])[]): string {
  return [title, ...facts.map(([name, text]) => `  ${name.padEnd(9)}${text}`)].join('\n');
}

async function exportMatrix(options: ExportOptions, context: CommandContext): Promise<string> {
  const { network, startDate, endDate, windowDays, out, force } = options;
  const { signal, progress } = context;
  const config = await configOf(options);
  const featureGroups = await featureGroupsOf(config);
  const exported = await withConfiguredDatabase(config, options, {
    context,
    work: (database) =>
      exportFeatures(database, {
        period: { network, startDate, endDate, windowDays },
        featureGroups,
        out,
        force,
        signal,
        onProgress: (update) => progress.update(update),
      }),
  });
  return options.json ? JSON.stringify(exported, null, 2) : showExport(exported);
}

function showExport(exported: ExportedFeatures): string {
  const { encodings } = exported;
  const codes = Object.entries(encodings).map(
    ([name, values]) => `  ${name}: ${values.map((value, code) => `${code} ${value}`).join(', ')}`,
  );
  return [
    `Wrote ${count(exported.features)} features of ${count(exported.rows)} alerts in ${exported.snapshots} snapshot${exported.snapshots === 1 ? '' : 's'} to ${exported.file} (${bytes(exported.bytes)}).`,
    `Schema hash ${exported.schema_hash}.`,
    ...(codes.length > 0
      ? [
          'Codes of categories are those of this period, in alphabetical order; a model has its own:',
          ...codes,
        ]
      : []),
  ].join('\n');
}
