import { InvalidInputError } from '@risk-scoring/contract';
import { openScoresFile, parseModelType, type ScoringResult, scoreSnapshots } from '@risk-scoring/pipeline';
import { type Command, Option } from 'commander';
import { common, someText } from '../options.ts';
import { count, figure, table } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface ScoreCommandOptions {
  readonly network: string;
  readonly date?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly windowDays: number;
  readonly model: string;
  readonly modelType?: string;
  readonly explain: boolean;
  readonly out?: string;
  readonly force: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring score`: scores every alert (or cluster) of some snapshots. */
export function addScore(program: Command): void {
  program
    .command('score')
    .description(
      'score every alert (or cluster) of a snapshot, or of a range of snapshots, with a saved model, into alert_scores, alert_rankings or cluster_scores',
    )
    .addOption(common.network())
    .option('--date <date>', 'processing date of the snapshot, YYYY-MM-DD')
    .option('--start-date <date>', 'first processing date of a range, in place of --date')
    .option('--end-date <date>', 'last processing date of a range, inclusive')
    .addOption(common.windowDays())
    .addOption(common.model())
    .addOption(common.modelType())
    .option(
      '--explain',
      'write the features that moved each score most into explain_json (models of lightgbm only)',
      false,
    )
    .addOption(
      new Option('--out <file>', 'write the scores to a file, too: .parquet, .arrow or .csv').argParser(
        someText,
      ),
    )
    .option('--force', 'replace the file that is there', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: ScoreCommandOptions) => runCommand(options, (context) => score(options, context)));
}

async function score(options: ScoreCommandOptions, { signal, progress }: CommandContext): Promise<string> {
  const dates = datesOf(options);
  const { modelType } = options;
  const file =
    options.out === undefined ? undefined : await openScoresFile(options.out, { force: options.force });
  const results = await withDatabase(options, { progress }, async (database) => {
    const scored: ScoringResult[] = [];
    for await (const result of scoreSnapshots(database, {
      ...dates,
      windowDays: options.windowDays,
      model: options.model,
      ...(modelType === undefined ? {} : { modelType: parseModelType(modelType) }),
      explain: options.explain,
      out: file,
      signal,
      onProgress: (update) => progress.update(update),
    })) {
      scored.push(result);
    }
    return scored;
  });
  if (options.json) return JSON.stringify(options.date === undefined ? results : results[0], null, 2);
  const shown =
    results.length === 1 && results[0] !== undefined ? showScores(results[0]) : showRange(results);
  return file === undefined ? shown : `${shown}\nAnd in ${file.file}.`;
}

/** The one date, or the range, that is meant. */
function datesOf({ date, startDate, endDate }: ScoreCommandOptions): { startDate: string; endDate: string } {
  if (date !== undefined && startDate === undefined && endDate === undefined) {
    return { startDate: date, endDate: date };
  }
  if (date === undefined && startDate !== undefined && endDate !== undefined) return { startDate, endDate };
  const given = Object.entries({ '--date': date, '--start-date': startDate, '--end-date': endDate })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  throw new InvalidInputError({
    what: 'What to score',
    expected: '--date for one snapshot, or --start-date and --end-date for several',
    found: given.length === 0 ? 'none of them' : given.join(' and '),
  });
}

function showScores(result: ScoringResult): string {
  const { clusters, alerts, top_clusters: topClusters } = result;
  const rows = clusters > 0 ? `${count(clusters)} clusters` : `${count(alerts)} alerts`;
  return [
    `Scored the ${rows} of ${result.processing_date} with ${result.model_id} in ${(result.latency_ms / 1000).toFixed(1)} s.`,
    ...(result.threshold === null || result.flagged === null
      ? []
      : [
          `${count(result.flagged)} of them score ${figure(result.threshold)} or more, from where on the model flags ${clusters > 0 ? 'a cluster' : 'an alert'}.`,
        ]),
    ...(result.in_training_period
      ? ['The model learned from this period: these scores are no forecast, and too good.']
      : []),
    ...(result.model_type === 'alert_ranker'
      ? ['The scores of a ranker only order the alerts of a snapshot: they are no probabilities.']
      : []),
    `Scores from ${figure(result.score_min)} to ${figure(result.score_max)}, mean ${figure(result.score_mean)}. The ${clusters > 0 ? 'clusters' : 'addresses'} on top:`,
    '',
    topClusters
      ? table([
          ['score', 'cluster'],
          ...topClusters.map(({ score, cluster_id }) => [figure(score), cluster_id]),
        ])
      : table([
          ['score', 'address', 'alerts', 'highest alert'],
          ...result.top.map(({ score, address, alerts: own, alert_id }) => [
            figure(score),
            address,
            count(own),
            alert_id,
          ]),
        ]),
    '',
    whereTheyAre(result),
  ].join('\n');
}

function showRange(results: readonly ScoringResult[]): string {
  const [first] = results;
  if (first === undefined) return 'Nothing was scored.';
  return [
    `Scored ${count(results.length)} snapshots with ${first.model_id}.`,
    '',
    table([
      ['snapshot', 'rows', 'flagged', 'lowest', 'mean', 'highest', 'seconds', 'trained on'],
      ...results.map((result) => [
        result.processing_date,
        count(result.alerts + result.clusters),
        result.flagged === null ? '-' : count(result.flagged),
        figure(result.score_min),
        figure(result.score_mean),
        figure(result.score_max),
        (result.latency_ms / 1000).toFixed(1),
        result.in_training_period ? 'yes' : 'no',
      ]),
    ]),
    '',
    whereTheyAre(first),
  ].join('\n');
}

function whereTheyAre({ tables }: ScoringResult): string {
  const names = Object.keys(tables);
  return `They are in ${names.join(' and ')}; read them through ${names.map((name) => `published_${name}`).join(' and ')}.`;
}
