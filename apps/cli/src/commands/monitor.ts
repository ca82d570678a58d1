import { DEFAULT_THRESHOLDS, monitorModel, parseModelType } from '@risk-scoring/pipeline';
import { type Command, InvalidArgumentError } from 'commander';
import { common } from '../options.ts';
import { THRESHOLD_CROSSED } from '../output/exit-codes.ts';
import { showMonitoring } from '../output/show-monitoring.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface MonitorCommandOptions {
  readonly network: string;
  readonly model: string;
  readonly modelType?: string;
  readonly date?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly windowDays: number;
  readonly maxScorePsi: number;
  readonly maxFeaturePsi: number;
  readonly maxDriftedShare: number;
  readonly maxMissingIncrease: number;
  readonly maxLabelDrift: number;
  readonly minAuc?: number;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring monitor`: compares later snapshots with what a model was trained on. */
export function addMonitor(program: Command): void {
  const defaults = DEFAULT_THRESHOLDS;
  program
    .command('monitor')
    .description(
      'compare snapshots with what a model was trained on: drift of features and scores, missing values, labels, and the AUC that came true',
    )
    .addOption(common.network())
    .addOption(common.model())
    .addOption(common.modelType())
    .option('--date <date>', 'processing date of one snapshot, YYYY-MM-DD')
    .option(
      '--start-date <date>',
      'first processing date of a range (default: the first after the training period)',
    )
    .option('--end-date <date>', 'last processing date of a range, inclusive (default: the last there is)')
    .addOption(common.windowDays())
    .option('--max-score-psi <psi>', 'population stability index of the scores', number, defaults.scorePsi)
    .option(
      '--max-feature-psi <psi>',
      'index above which a feature has drifted; none of the ten that matter most may',
      number,
      defaults.featurePsi,
    )
    .option(
      '--max-drifted-share <share>',
      'share of the features in use that may have drifted',
      shareFromZero,
      defaults.driftedShare,
    )
    .option(
      '--max-missing-increase <share>',
      'by how much the share of missing values of a feature in use may rise',
      shareFromZero,
      defaults.missingIncrease,
    )
    .option(
      '--max-label-drift <share>',
      'by how much the share of positives may differ from that of the training',
      shareFromZero,
      defaults.labelDrift,
    )
    .option(
      '--min-auc <auc>',
      'the least AUC on addresses that the model has not learned from (default: none but that its interval reaches that of its holdout)',
      shareFromZero,
    )
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .addHelpText(
      'after',
      `
Ends with exit code 0 where no snapshot crossed a threshold, ${THRESHOLD_CROSSED} where one did, and as other commands do where it failed.
What chance alone explains crosses none, so that a small snapshot does not alarm. Writes nothing.`,
    )
    .action((options: MonitorCommandOptions, command: Command) => {
      if (options.date !== undefined && (options.startDate !== undefined || options.endDate !== undefined)) {
        command.error('error: --date is for one snapshot, --start-date and --end-date are for several');
      }
      return runCommand(options, (context) => monitor(options, context));
    });
}

async function monitor(
  options: MonitorCommandOptions,
  { signal, progress }: CommandContext,
): Promise<string> {
  const { modelType, date, minAuc } = options;
  const monitoring = await withDatabase(options, { progress }, (database) =>
    monitorModel(database, {
      model: options.model,
      ...(modelType === undefined ? {} : { modelType: parseModelType(modelType) }),
      startDate: date ?? options.startDate,
      endDate: date ?? options.endDate,
      windowDays: options.windowDays,
      thresholds: {
        scorePsi: options.maxScorePsi,
        featurePsi: options.maxFeaturePsi,
        driftedShare: options.maxDriftedShare,
        missingIncrease: options.maxMissingIncrease,
        labelDrift: options.maxLabelDrift,
        minAuc: minAuc ?? null,
      },
      signal,
      onProgress: (update) => progress.update(update),
    }),
  );
  if (!monitoring.passed) process.exitCode = THRESHOLD_CROSSED;
  return options.json ? JSON.stringify(monitoring, null, 2) : showMonitoring(monitoring);
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number from 0 on, such as 0.25.');
}

function shareFromZero(text: string): number {
  const value = number(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError('Expected a share, 0 to 1.');
}
