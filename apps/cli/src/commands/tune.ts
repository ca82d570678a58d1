import path from 'node:path';
import {
  assertTunedConfigFile,
  type Config,
  databaseOptionsOf,
  featureGroupsOf,
  foldsOf,
  type PipelineProgress,
  SAMPLERS,
  TUNING_METRICS,
  type TuneResult,
  type TuningFlags,
  tunedConfigFile,
  tuneModel,
  tuningOf,
  writeTunedConfig,
} from '@risk-scoring/pipeline';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { configOf, configured } from '../config.ts';
import { common, someText, wholeNumber } from '../options.ts';
import { nextCommand } from '../output/next-command.ts';
import { count, table } from '../output/table.ts';
import { type CommandContext, runCommand, withConfiguredDatabase } from '../run.ts';
import { trainingOptions } from './train.ts';

interface TuneCommandOptions extends TuningFlags {
  readonly network: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly windowDays: number;
  readonly out?: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** Trials that are shown; all are in the study and in the JSON. */
const SHOWN_TRIALS = 10;

const CAVEAT =
  'The value is optimistic: it chose the parameters. The honest figure is the holdout of train, which tuning never touched.';

/** `risk-scoring tune`: searches the settings of a trainer. */
export function addTune(program: Command): void {
  const tune = program
    .command('tune')
    .description(
      "search a trainer's settings by cross-validation on the training part; the holdout stays unseen",
    )
    .addOption(common.network())
    .requiredOption('--start-date <date>', 'first processing date, YYYY-MM-DD')
    .requiredOption('--end-date <date>', 'last processing date, YYYY-MM-DD')
    .addOption(common.windowDays());
  for (const option of [...searchOptions(), ...trainingOptions()]) tune.addOption(option);
  tune
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .addHelpText(
      'after',
      `
A space names parameters of the trainer, dots lead into maps:
  num_leaves: { type: int, low: 7, high: 255, log: true }
  boosting: [gbdt, dart]

An ensemble has no space of its own: declare one.

--calibration, --threshold, --permutation-test, --refit-all and --model-version do nothing while tuning; they pass into the file of the best
parameters, for the training that follows.

A study that was stopped goes on where it is: run the same command again.

Examples:
  risk-scoring tune --network ethereum --start-date 2025-01-06 --end-date 2025-02-03 --trials 30
  risk-scoring tune --network ethereum --start-date 2025-01-06 --end-date 2025-02-03 --space space.yaml --metric pr_auc`,
    )
    .action((options: TuneCommandOptions) => runCommand(options, (context) => run(options, context)));
}

/** What the section `tuning` of the configuration decides, too. */
function searchOptions(): Option[] {
  const option = (flags: string, description: string, key: string) =>
    configured(flags, description, `tuning.${key}`).argParser(someText);
  return [
    option('--space <file>', 'a YAML or JSON file of what is searched', 'space'),
    option('--sampler <name>', `what proposes trials: ${SAMPLERS.join(', ')}`, 'sampler'),
    option('--trials <count>', 'trials of the study, those of earlier runs included', 'trials').argParser(
      wholeNumber(1),
    ),
    option(
      '--metric <name>',
      `what trials are compared by: ${TUNING_METRICS.join(', ')}; auc where nobody says, ndcg@10 for a ranker`,
      'metric',
    ),
    option('--study <file>', 'keeps the trials; below the output folder where nobody says', 'study'),
    new Option(
      '--out <file>',
      'where the best parameters go, as a configuration for train (default: beside the study)',
    ).argParser(someText),
    new Option(
      '--no-pruning',
      'finish trials that do worse than most, too (default: they are ended early; configuration: tuning.pruning)',
    ),
    option('--timeout <seconds>', 'begin no further trial after so many seconds', 'timeout').argParser(
      seconds,
    ),
  ];
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected seconds above 0.');
}

async function run(options: TuneCommandOptions, context: CommandContext): Promise<string> {
  const { network, startDate, endDate, windowDays } = options;
  const { signal, progress } = context;
  const config = await configOf(options);
  const { config: training, ...tuning } = await tuningOf(config, { flags: options, folder: process.cwd() });
  const out = options.out === undefined ? undefined : path.resolve(options.out);
  if (out !== undefined) await assertTunedConfigFile(out);
  const request = {
    ...tuning,
    featureGroups: await featureGroupsOf(config, tuning.modelType),
    period: { network, startDate, endDate, windowDays },
    signal,
    onProgress: (update: PipelineProgress) => progress.update(update),
  };
  return withConfiguredDatabase(config, options, {
    context,
    work: async (database) => {
      const result = await tuneModel(database, request);
      const file = out ?? tunedConfigFile(result.study);
      await writeTunedConfig(file, result, training);
      const next = nextTraining(options, { config, file });
      return options.json ? showJson(result, { file, next }) : showResult(result, { file, next });
    },
  });
}

/** Where the result went, and what to do with it. */
interface Outcome {
  readonly file: string;
  readonly next: string;
}

function showJson(result: TuneResult, { file, next }: Outcome): string {
  const trials = result.trials.map((trial) => ({ ...trial, folds: foldsOf(trial) }));
  return JSON.stringify(
    { ...result, trials, states: countStates(result), config: file, next, caveat: CAVEAT },
    null,
    2,
  );
}

function showResult(result: TuneResult, { file, next }: Outcome): string {
  const { study, best, counts, metric, resumedTrials, requestedTrials } = result;
  const { complete, pruned, failed } = countStates(result);
  const there =
    resumedTrials > 0
      ? [`${resumedTrials} of ${requestedTrials} trials were there already; the study went on.`]
      : [];
  return [
    showBest(result),
    '',
    `${complete} complete, ${pruned} pruned, ${failed} failed${endOf(result)}`,
    ...there,
    ...firstFailure(result),
    `Best: trial ${best.index}, ${metric} ${best.value.toFixed(4)}`,
    ...Object.entries(best.parameters).map(([name, value]) => `  ${name}: ${value}`),
    `${CAVEAT} ${count(counts.holdout)} rows of ${count(counts.holdout_addresses)} groups are set aside.`,
    '',
    'Files',
    `  ${study}`,
    `  ${file}`,
    '',
    `Next: ${next}`,
  ].join('\n');
}

/** The best complete trials, with how far their folds lie apart. */
function showBest({ trials, direction, metric }: TuneResult): string {
  const sign = direction === 'maximize' ? -1 : 1;
  const ranked = trials
    .flatMap((trial) => (trial.state === 'complete' ? [trial] : []))
    .sort((a, b) => sign * (a.value - b.value) || a.index - b.index);
  return table([
    ['rank', 'trial', metric, 'folds', 'parameters'],
    ...ranked.slice(0, SHOWN_TRIALS).map((trial, index) => {
      const folds = foldsOf(trial);
      const spread = `${Math.min(...folds).toFixed(3)}–${Math.max(...folds).toFixed(3)}`;
      const parameters = Object.entries(trial.parameters).map(([name, value]) => `${name}=${short(value)}`);
      return [`${index + 1}`, `${trial.index}`, trial.value.toFixed(4), spread, parameters.join(' ')];
    }),
  ]);
}

function short(value: string | number | boolean): string {
  return typeof value === 'number' ? `${Number(value.toPrecision(4))}` : `${value}`;
}

function countStates({ trials }: TuneResult) {
  const of = (state: TuneResult['trials'][number]['state']) =>
    trials.filter((trial) => trial.state === state).length;
  return { complete: of('complete'), pruned: of('pruned'), failed: of('failed') };
}

function endOf({ ended, trials, requestedTrials }: TuneResult): string {
  switch (ended) {
    case 'trials':
      return '.';
    case 'exhausted':
      return '; there is nothing else to try.';
    case 'timeout':
      return `; the time was up after ${trials.length} of ${requestedTrials} trials, and the same command goes on.`;
  }
}

function firstFailure({ trials }: TuneResult): string[] {
  const failed = trials.find((trial) => trial.state === 'failed');
  return failed === undefined ? [] : [`First failure, trial ${failed.index}: ${failed.error.message}`];
}

/** The training of the file on the same data, which the file does not name. */
function nextTraining(
  options: TuneCommandOptions,
  { config, file }: { readonly config: Config; readonly file: string },
): string {
  const { network, startDate, endDate, windowDays } = options;
  const { dataDir, server } = databaseOptionsOf(config, {
    network,
    dataDir: options.dataDir,
    env: process.env,
  });
  const period = ['--start-date', startDate, '--end-date', endDate, '--window-days', `${windowDays}`];
  const command = nextCommand(['train', '--network', network, ...period], {
    config: file,
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  // A server of the environment is there for the next command, too.
  if (server === undefined || process.env.CLICKHOUSE_URL) return command;
  return `${command}\n(the file names no server: copy the section storage of ${config.file} into it, or set CLICKHOUSE_URL and the like)`;
}
