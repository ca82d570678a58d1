import { ingestSnapshots, type SnapshotOutcome } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../options.ts';
import { nextCommand } from '../output/next-command.ts';
import { count, table } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

const TABLES = ['raw_alerts', 'raw_features', 'raw_clusters', 'raw_money_flows', 'raw_address_labels'];

interface IngestOptions {
  readonly network: string;
  readonly from: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring ingest`: verifies snapshots and publishes them. */
export function addIngest(program: Command): void {
  program
    .command('ingest')
    .description('verify SOT snapshots and publish them; the same snapshot again changes nothing')
    .addOption(common.network())
    .requiredOption('--from <folder>', 'a snapshot folder, or a folder of them')
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: IngestOptions) => runCommand(options, (context) => ingest(options, context)));
}

async function ingest(options: IngestOptions, { signal, progress }: CommandContext): Promise<string> {
  const outcomes = await withDatabase(options, (database) =>
    ingestSnapshots(database, {
      from: options.from,
      signal,
      onProgress: ({ step, snapshot, done, total, rows }) =>
        progress.update({
          stage: step,
          done,
          total,
          detail: rows > 0 ? `${snapshot}, ${count(rows)} rows` : snapshot,
        }),
    }),
  );
  return options.json ? JSON.stringify(outcomes, null, 2) : showOutcomes(options, outcomes);
}

function showOutcomes(options: IngestOptions, outcomes: readonly SnapshotOutcome[]): string {
  const rows = outcomes.map(({ processingDate, windowDays, outcome, rows }) => [
    processingDate,
    `${windowDays}`,
    outcome,
    ...TABLES.map((name) => count(rows[name] ?? 0)),
  ]);
  const heading = [
    'snapshot',
    'window',
    'outcome',
    'alerts',
    'features',
    'clusters',
    'money flows',
    'labels',
  ];
  const extra = [...new Set(outcomes.flatMap((outcome) => outcome.extraColumns))];
  return [
    table([heading, ...rows]),
    ...(extra.length > 0 ? [`Columns that no table has were left out: ${extra.join(', ')}`] : []),
    `Next: ${nextTraining(options, outcomes)}`,
  ].join('\n');
}

/** Training on all but the last snapshot, which is left to score. */
function nextTraining(options: IngestOptions, outcomes: readonly SnapshotOutcome[]): string {
  const windowDays = outcomes.at(-1)?.windowDays;
  const dates = outcomes
    .filter((outcome) => outcome.windowDays === windowDays)
    .map((outcome) => outcome.processingDate);
  const period = ['--start-date', dates[0] ?? '', '--end-date', dates.at(-2) ?? dates[0] ?? ''];
  return nextCommand(
    ['train', '--network', options.network, ...period, '--window-days', `${windowDays}`],
    options,
  );
}
