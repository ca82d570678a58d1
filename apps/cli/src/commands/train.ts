import {
  AVAILABLE,
  dryRunTraining,
  featureGroupsOf,
  labelStrategyByName,
  listSnapshots,
  type PlanCounts,
  parseModelType,
  readConfig,
  type SavedModel,
  type SnapshotSummary,
  splitterByName,
  type TrainOptions,
  trainerByName,
  trainModel,
} from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { common, wholeNumber } from '../options.ts';
import { showMetrics } from '../output/metrics.ts';
import { nextCommand } from '../output/next-command.ts';
import { count, percent } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface TrainCommandOptions {
  readonly network: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly windowDays: number;
  readonly modelType: string;
  readonly outputDir: string;
  readonly labelStrategy: string;
  readonly trainer: string;
  readonly split: string;
  readonly seed: number;
  readonly modelVersion: string;
  readonly dryRun: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring train`: trains, judges and saves a model. */
export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train a model on a period, judge it on addresses it never saw, and save it')
    .addOption(common.network())
    .requiredOption('--start-date <date>', 'first processing date, YYYY-MM-DD')
    .requiredOption('--end-date <date>', 'last processing date, YYYY-MM-DD')
    .addOption(common.windowDays())
    .option('--model-type <type>', 'what the model is for', 'alert_scorer')
    .option('--output-dir <folder>', 'where models are saved', 'trained_models')
    .addOption(named('--label-strategy <name>', 'how alerts are labelled', AVAILABLE.labelStrategies))
    .addOption(named('--trainer <name>', 'what trains the model', AVAILABLE.trainers))
    .addOption(named('--split <name>', 'how the holdout is set aside', AVAILABLE.splitters))
    .option('--seed <number>', 'seed of everything random', wholeNumber(0), 42)
    .option('--model-version <version>', 'version of the model', '1.0.0')
    .option('--dry-run', 'count what would be learned from; train and write nothing', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: TrainCommandOptions) => runCommand(options, (context) => train(options, context)));
}

function named(flags: string, description: string, available: readonly string[]): Option {
  return new Option(flags, `${description}: ${available.join(', ')}`).default(available[0]);
}

async function train(options: TrainCommandOptions, { signal, progress }: CommandContext): Promise<string> {
  const modelType = parseModelType(options.modelType);
  const { network, startDate, endDate, windowDays } = options;
  const config = await readConfig({ folder: process.cwd(), file: options.config });
  const request: TrainOptions = {
    period: { network, startDate, endDate, windowDays },
    modelType,
    labelStrategy: labelStrategyByName(options.labelStrategy),
    trainer: trainerByName(options.trainer, modelType),
    splitter: splitterByName(options.split),
    featureGroups: await featureGroupsOf(config),
    outputDir: options.outputDir,
    modelVersion: options.modelVersion,
    seed: options.seed,
    signal,
    onProgress: (update) => progress.update(update),
  };
  return withDatabase(options, { progress }, async (database) => {
    if (options.dryRun) {
      const counts = await dryRunTraining(database, request);
      return options.json ? JSON.stringify(counts, null, 2) : showCounts(counts);
    }
    const saved = await trainModel(database, request);
    if (options.json) return JSON.stringify(saved.metadata, null, 2);
    return showModel(options, saved, await listSnapshots(database));
  });
}

function showCounts(counts: PlanCounts): string {
  return [
    `${count(counts.alerts)} alerts of ${count(counts.addresses)} addresses in ${counts.snapshots} snapshots`,
    `${count(counts.labelled)} labelled, ${percent(counts.positive_rate)} of them suspicious`,
    `${count(counts.train)} alerts of ${count(counts.train_addresses)} addresses to learn from`,
    `${count(counts.holdout)} alerts of ${count(counts.holdout_addresses)} other addresses to judge on`,
    'Nothing was written.',
  ].join('\n');
}

function showModel(
  options: TrainCommandOptions,
  { metadata, files }: SavedModel,
  snapshots: readonly SnapshotSummary[],
): string {
  return [
    showMetrics(metadata),
    '',
    'Files',
    ...files.map((file) => `  ${file}`),
    '',
    `Next: ${nextScoring(options, snapshots)}`,
  ].join('\n');
}

/** Scoring the first snapshot after the period, or looking at the model where there is none yet. */
function nextScoring(options: TrainCommandOptions, snapshots: readonly SnapshotSummary[]): string {
  const { network, windowDays } = options;
  const next = snapshots.find(
    (snapshot) => snapshot.windowDays === windowDays && snapshot.processingDate > options.endDate,
  );
  if (next === undefined) return nextCommand(['models', 'show', 'latest', '--network', network], options);
  const date = ['--date', next.processingDate, '--window-days', `${windowDays}`];
  return nextCommand(['score', '--network', network, ...date], options);
}
