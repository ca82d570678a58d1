import {
  AVAILABLE,
  type ConfiguredTraining,
  type Database,
  dryRunTraining,
  featureGroupsOf,
  listSnapshots,
  loadModel,
  type ModelMetadata,
  type PipelineProgress,
  type PlanCounts,
  type SavedModel,
  type SnapshotSummary,
  type TrainingFlags,
  trainingOf,
  trainModel,
  type WrittenReport,
  writeReport,
} from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { configOf, configured } from '../config.ts';
import { common, several, share, shareUpToOne, someText, wholeNumber } from '../options.ts';
import { showMetrics } from '../output/metrics.ts';
import { nextCommand } from '../output/next-command.ts';
import { count, percent } from '../output/table.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../run.ts';

interface TrainCommandOptions extends TrainingFlags {
  readonly network: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly windowDays: number;
  readonly dryRun: boolean;
  readonly report: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring train`: trains, judges and saves a model. */
export function addTrain(program: Command): void {
  const train = program
    .command('train')
    .description('train a model on a period, judge it on what it did not learn from, and save it')
    .addOption(common.network())
    .requiredOption('--start-date <date>', 'first processing date, YYYY-MM-DD')
    .requiredOption('--end-date <date>', 'last processing date, YYYY-MM-DD')
    .addOption(common.windowDays());
  for (const option of trainingOptions()) train.addOption(option);
  train
    .option('--dry-run', 'count what would be learned from; train and write nothing', false)
    .option('--no-report', 'do not write the report and the card of the model beside it')
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .addHelpText(
      'after',
      `
Settings are key=value, the value in YAML; dots lead into maps: --label-setting base_settings.conflict_policy=drop

Examples:
  risk-scoring train --network ethereum --start-date 2025-01-06 --end-date 2025-02-03
  risk-scoring train --network ethereum --start-date 2025-01-06 --end-date 2025-02-03 --trainer-setting num_leaves=63
  risk-scoring train --network ethereum --start-date 2025-01-06 --end-date 2025-02-03 --label-strategy ./my-labels.mjs`,
    )
    .action((options: TrainCommandOptions) => runCommand(options, (context) => run(options, context)));
}

/** What the section `training` of the configuration decides, too. */
export function trainingOptions(): Option[] {
  const strategies = `${AVAILABLE.labelStrategies.join(', ')}, ./file.js or a package`;
  const option = (flags: string, description: string, key: string) =>
    configured(flags, description, `training.${key}`).argParser(someText);
  const flag = (flags: string, description: string, key: string) =>
    configured(flags, description, `training.${key}`);
  const setting = (flags: string, of: string) =>
    new Option(flags, `a setting of ${of}; may be given several times`).argParser(several);
  return [
    option(
      '--model-type <type>',
      'what the model is for: alert_scorer, alert_ranker or cluster_scorer',
      'model_type',
    ),
    option('--output-dir <folder>', 'where models are saved', 'output_dir'),
    option('--label-strategy <name>', `how alerts are labelled: ${strategies}`, 'label_strategy'),
    setting('--label-setting <key=value>', 'the label strategy'),
    option('--evaluation-labels <name>', 'a label strategy to judge models by', 'evaluation_labels'),
    option('--trainer <name>', `what trains the model: ${AVAILABLE.trainers.join(', ')}`, 'trainer'),
    setting('--trainer-setting <key=value>', 'the trainer'),
    option('--split <name>', `how the holdout is set aside: ${AVAILABLE.splitters.join(', ')}`, 'split'),
    option('--test-fraction <share>', 'share of the labelled alerts to judge on', 'test_fraction').argParser(
      share,
    ),
    option('--cv-folds <count>', 'folds of the cross-validation', 'cv_folds').argParser(wholeNumber(2)),
    option('--group-by <what>', 'what a split keeps on one side: address or cluster', 'group_by'),
    option(
      '--purge-days <days>',
      'days left out between the two sides of a temporal split',
      'purge_days',
    ).argParser(wholeNumber(0)),
    flag(
      '--unseen-only',
      'a temporal split judges addresses only that it has not learned from',
      'unseen_only',
    ),
    option(
      '--calibration <method>',
      'how scores become probabilities: auto, none, platt or isotonic',
      'calibration',
    ),
    option(
      '--threshold <rule>',
      'from which probability on an alert is flagged: f1, precision:0.9, recall:0.8 or budget:50 (alerts of a snapshot)',
      'threshold',
    ),
    option(
      '--cluster-positive-share <share>',
      'share of its labelled members that makes a cluster suspicious; one is always needed',
      'cluster_positive_share',
    ).argParser(shareUpToOne),
    flag('--allow-leakage', 'go on where a leakage check finds something', 'allow_leakage'),
    flag(
      '--permutation-test',
      'besides, train on shuffled labels, which must come out at chance',
      'permutation_test',
    ),
    flag(
      '--refit-all',
      'save a model of all labelled rows; the figures are those of the one before it',
      'refit_all',
    ),
    option('--seed <number>', 'seed of everything random', 'seed').argParser(wholeNumber(0)),
    option('--model-version <version>', 'version of the model', 'model_version'),
  ];
}

async function run(options: TrainCommandOptions, context: CommandContext): Promise<string> {
  const { network, startDate, endDate, windowDays } = options;
  const { signal, progress } = context;
  const config = await configOf(options);
  const training = await trainingOf(config, { flags: options, folder: process.cwd() });
  const request = {
    ...training,
    featureGroups: await featureGroupsOf(config, training.modelType),
    period: { network, startDate, endDate, windowDays },
    signal,
    onProgress: (update: PipelineProgress) => progress.update(update),
  };
  return withConfiguredDatabase(config, options, {
    context,
    work: async (database) => {
      if (options.dryRun) {
        const counts = await dryRunTraining(database, request);
        return options.json ? JSON.stringify(counts, null, 2) : showCounts(counts, training);
      }
      const saved = await trainModel(database, request);
      const written = options.report ? await reportOf(database, saved, context) : null;
      if (options.json) return JSON.stringify(saved.metadata, null, 2);
      const files = [...saved.files, ...(written ? [written.report, written.card] : [])];
      return showModel(options, { ...saved, files }, await listSnapshots(database));
    },
  });
}

/** Writes the report of a model; one that cannot be written takes nothing from the model. */
async function reportOf(
  database: Database,
  { metadata, metadataPath }: SavedModel,
  { signal, progress }: CommandContext,
): Promise<WrittenReport | null> {
  try {
    const model = await loadModel(database, { model: metadataPath });
    return await writeReport(database, { model, signal, onProgress: (update) => progress.update(update) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    progress.log({
      message: `warning: ${metadata.model_id} is saved, but has no report: ${reason}`,
      fields: { model: metadata.model_id, reason },
    });
    return null;
  }
}

function showCounts(
  counts: PlanCounts,
  { modelType, splitter: { guarantee } }: Pick<ConfiguredTraining, 'modelType' | 'splitter'>,
): string {
  const [subject, groups] =
    modelType === 'cluster_scorer' ? ['clusters', 'groups that share no address'] : ['alerts', 'addresses'];
  return [
    `${count(counts.alerts)} alerts in ${counts.snapshots} snapshots`,
    `${count(counts.rows)} ${subject} of ${count(counts.addresses)} ${groups}`,
    `${count(counts.labelled)} labelled, ${percent(counts.positive_rate)} of them suspicious`,
    `${count(counts.train)} labelled ${subject} of ${count(counts.train_addresses)} ${groups} to learn from`,
    counts.judged_by === null
      ? 'nothing to judge on'
      : `${count(counts.holdout)} ${subject} of ${count(counts.holdout_addresses)} ${groups} to judge on, by labels of '${counts.judged_by.strategy}'`,
    `Split: ${guarantee}`,
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
    `Next: ${nextScoring(options, metadata, snapshots)}`,
  ].join('\n');
}

/** Scoring the first snapshot after the period, or looking at the model where there is none yet. */
function nextScoring(
  options: TrainCommandOptions,
  { model_id: id, model_type: type }: ModelMetadata,
  snapshots: readonly SnapshotSummary[],
): string {
  const { network, windowDays } = options;
  const show = nextCommand(['models', 'show', id, '--network', network], options);
  const next = snapshots.find(
    (snapshot) => snapshot.windowDays === windowDays && snapshot.processingDate > options.endDate,
  );
  if (next === undefined) return show;
  const date = ['--date', next.processingDate, '--window-days', `${windowDays}`];
  const ofType = type === 'alert_scorer' ? [] : ['--model-type', type];
  return nextCommand(['score', '--network', network, ...date, ...ofType], options);
}
