import { type ScoringResult, scoreSnapshot } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common } from '../options.ts';
import { count, figure, table } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface ScoreCommandOptions {
  readonly network: string;
  readonly date: string;
  readonly windowDays: number;
  readonly model: string;
  readonly explain: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring score`: scores every alert of a snapshot. */
export function addScore(program: Command): void {
  program
    .command('score')
    .description('score every alert of a snapshot with a saved model, into alert_scores')
    .addOption(common.network())
    .requiredOption('--date <date>', 'processing date of the snapshot, YYYY-MM-DD')
    .addOption(common.windowDays())
    .option('--model <id>', 'a model id, the path of its .json, or latest', 'latest')
    .option(
      '--explain',
      'write the features that moved each score most into explain_json (models of lightgbm only)',
      false,
    )
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: ScoreCommandOptions) => runCommand(options, (context) => score(options, context)));
}

async function score(options: ScoreCommandOptions, { signal, progress }: CommandContext): Promise<string> {
  const result = await withDatabase(options, { progress }, (database) =>
    scoreSnapshot(database, {
      date: options.date,
      windowDays: options.windowDays,
      model: options.model,
      explain: options.explain,
      signal,
      onProgress: (update) => progress.update(update),
    }),
  );
  return options.json ? JSON.stringify(result, null, 2) : showScores(result);
}

function showScores(result: ScoringResult): string {
  return [
    `Scored the ${count(result.alerts)} alerts of ${result.processing_date} with ${result.model_id} in ${(result.latency_ms / 1000).toFixed(1)} s.`,
    ...(result.threshold === null || result.flagged === null
      ? []
      : [
          `${count(result.flagged)} of them score ${figure(result.threshold)} or more, from where on the model flags an alert.`,
        ]),
    ...(result.in_training_period
      ? ['The model learned from this period: these scores are no forecast, and too good.']
      : []),
    `Scores from ${figure(result.score_min)} to ${figure(result.score_max)}, mean ${figure(result.score_mean)}. The addresses on top:`,
    '',
    table([
      ['score', 'address', 'alerts', 'highest alert'],
      ...result.top.map(({ score, address, alerts, alert_id }) => [
        figure(score),
        address,
        count(alerts),
        alert_id,
      ]),
    ]),
    '',
    'They are in the table alert_scores; read them through published_alert_scores.',
  ].join('\n');
}
