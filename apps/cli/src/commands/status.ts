import { type DatabaseStatus, databaseStatus } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, wholeNumber } from '../options.ts';
import { nextCommand } from '../output/next-command.ts';
import { bytes, count, table } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface StatusOptions {
  readonly network: string;
  readonly last: number;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring status`: what a network's database holds. */
export function addStatus(program: Command): void {
  program
    .command('status')
    .description('tables, snapshots, rows, sizes and the last ingestions')
    .addOption(common.network())
    .option('--last <count>', 'how many ingestions to list', wholeNumber(0), 10)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: StatusOptions) => runCommand(options, (context) => status(options, context)));
}

async function status(options: StatusOptions, context: CommandContext): Promise<string> {
  const found = await withDatabase(options, context, (database) =>
    databaseStatus(database, { ingestions: options.last }),
  );
  return options.json ? JSON.stringify(found, null, 2) : showStatus(found, options);
}

function showStatus(found: DatabaseStatus, options: StatusOptions): string {
  const dead = found.tables.reduce((sum, entry) => sum + entry.deadRows, 0);
  return [
    `${found.database} in ${found.location} (${found.engine} ClickHouse ${found.version})`,
    '',
    table([
      ['table', 'rows', 'no longer count', 'on disk'],
      ...found.tables.map((entry) => [
        entry.table,
        count(entry.rows),
        count(entry.deadRows),
        bytes(entry.bytes),
      ]),
    ]),
    ...(dead > 0
      ? [
          `Rows that no longer count are dropped by: ${nextCommand(['vacuum', '--network', options.network], options)}`,
        ]
      : []),
    '',
    ...showSnapshots(found, options),
    ...showIngestions(found),
  ].join('\n');
}

function showSnapshots({ snapshots }: DatabaseStatus, options: StatusOptions): string[] {
  if (snapshots.length === 0) {
    return [
      `No snapshots yet. Next: ${nextCommand(['ingest', '--network', options.network, '--from', 'FOLDER'], options)}`,
    ];
  }
  const names = ['raw_alerts', 'raw_features', 'raw_clusters', 'raw_money_flows', 'raw_address_labels'];
  return [
    `${snapshots.length} snapshot${snapshots.length === 1 ? '' : 's'}`,
    table([
      ['snapshot', 'window', 'alerts', 'features', 'clusters', 'money flows', 'labels', 'published (UTC)'],
      ...snapshots.map(({ processingDate, windowDays, rows, publishedAt }) => [
        processingDate,
        `${windowDays}`,
        ...names.map((name) => count(rows[name] ?? 0)),
        publishedAt ?? 'inserted by hand',
      ]),
    ]),
  ];
}

function showIngestions({ ingestions }: DatabaseStatus): string[] {
  if (ingestions.length === 0) return [];
  return [
    '',
    'Last ingestions',
    table([
      ['published (UTC)', 'of', 'rows', 'counts', 'batch', 'source'],
      ...ingestions.map(({ publishedAt, scope, rows, current, batchId, source }) => [
        publishedAt,
        scope,
        count(Object.values(rows).reduce((sum, value) => sum + value, 0)),
        current ? 'yes' : 'replaced',
        batchId,
        source,
      ]),
    ]),
  ];
}
