import {
  type FileOutcome,
  type IngestProgress,
  ingestFile,
  ingestSnapshots,
  type SnapshotOutcome,
} from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { byteSize, common, someText } from '../options.ts';
import { nextCommand } from '../output/next-command.ts';
import { count, table } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

const TABLES = ['raw_alerts', 'raw_features', 'raw_clusters', 'raw_money_flows', 'raw_address_labels'];

interface IngestOptions {
  readonly network: string;
  readonly from: string;
  readonly table?: string;
  readonly force: boolean;
  readonly anyColumnOrder: boolean;
  readonly maxFileSize?: number;
  readonly maxTextSize?: number;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring ingest`: verifies snapshots and publishes them, or one file into one table. */
export function addIngest(program: Command): void {
  program
    .command('ingest')
    .description('verify SOT snapshots and publish them; the same snapshot again changes nothing')
    .addOption(common.network())
    .requiredOption(
      '--from <place>',
      'a snapshot folder or a folder of them, s3://bucket/prefix, or https://… of one snapshot; with --table one file',
      someText,
    )
    .option(
      '--table <name>',
      'ingest one .parquet, .csv or .ndjson file (also .gz, .zst) into this table: raw_alerts, …, miner_labels or entity_addresses',
    )
    .option('--force', 'ingest again what is there already', false)
    .option('--any-column-order', 'take the columns of a CSV by the names in its header', false)
    .addOption(
      new Option('--max-file-size <size>', 'largest decompressed size of a file (default: 16GiB)').argParser(
        byteSize,
      ),
    )
    .addOption(
      new Option('--max-text-size <size>', 'longest text of a single value (default: 1MiB)').argParser(
        byteSize,
      ),
    )
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .addHelpText(
      'after',
      `
Credentials for s3:// come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; AWS_REGION and AWS_ENDPOINT_URL say where.

Examples:
  risk-scoring ingest --network ethereum --from ./snapshots
  risk-scoring ingest --network ethereum --from s3://sot/ethereum
  risk-scoring ingest --network ethereum --from my-labels.csv.gz --table miner_labels`,
    )
    .action((options: IngestOptions) => runCommand(options, (context) => ingest(options, context)));
}

async function ingest(options: IngestOptions, context: CommandContext): Promise<string> {
  const { from, force, maxFileSize, maxTextSize } = options;
  const { signal, progress } = context;
  const shared = {
    from,
    force,
    signal,
    limits: {
      ...(maxFileSize === undefined ? {} : { maxPlainBytes: maxFileSize }),
      ...(maxTextSize === undefined ? {} : { maxTextBytes: maxTextSize }),
    },
    onProgress: ({ step, snapshot, done, total, rows, totalRows }: IngestProgress) =>
      progress.update({
        stage: step,
        done,
        total,
        detail: snapshot,
        ...(step === 'ingesting' ? { rows: Math.round(rows) } : {}),
        ...(totalRows === undefined ? {} : { totalRows }),
      }),
  };
  return withDatabase(options, context, async (database) => {
    if (options.table !== undefined) {
      const { table: name, anyColumnOrder } = options;
      const outcome = await ingestFile(database, { ...shared, table: name, anyColumnOrder });
      return options.json ? JSON.stringify(outcome, null, 2) : showFile(outcome);
    }
    const outcomes = await ingestSnapshots(database, shared);
    return options.json ? JSON.stringify(outcomes, null, 2) : showOutcomes(options, outcomes);
  });
}

function showFile({ table: name, outcome, rows, scopes, warnings }: FileOutcome): string {
  const shown = scopes.length > 6 ? [...scopes.slice(0, 6), `${scopes.length - 6} more`] : scopes;
  const what = {
    ingested: `${count(rows)} rows were ingested into ${name}`,
    replaced: `${count(rows)} rows replaced those of ${name}`,
    unchanged: `unchanged: the same file is in ${name} already, with ${count(rows)} rows`,
  };
  return [`${what[outcome]} (${shown.join('; ')}).`, ...showWarnings(warnings)].join('\n');
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
  return [
    table([heading, ...rows]),
    ...showWarnings(outcomes.flatMap((outcome) => outcome.warnings)),
    `Next: ${outcomes.length > 1 ? nextTraining(options, outcomes) : nextCommand(['status', '--network', options.network], options)}`,
  ].join('\n');
}

function showWarnings(warnings: readonly string[]): string[] {
  return [...new Set(warnings)].map((warning) => `Warning: ${warning}.`);
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
