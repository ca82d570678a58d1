import { writeSubmission } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, someText } from '../options.ts';
import { bytes, count } from '../output/table.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface SubmissionCommandOptions {
  readonly network: string;
  readonly date: string;
  readonly windowDays: number;
  readonly model?: string;
  readonly modelVersion?: string;
  readonly githubUrl: string;
  readonly out: string;
  readonly force: boolean;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring submission`: writes the scores of a snapshot to a file that a validator takes. */
export function addSubmission(program: Command): void {
  program
    .command('submission')
    .description('write the scores of a snapshot to a file, as a validator takes it')
    .addOption(common.network())
    .requiredOption('--date <date>', 'processing date of the snapshot, YYYY-MM-DD')
    .addOption(common.windowDays())
    .option(
      '--model <id>',
      'whose scores: a model id, an alias or latest; needed where several models scored the snapshot',
      someText,
    )
    .option('--model-version <version>', "the version to name (default: the model's)")
    .requiredOption(
      '--github-url <url>',
      'where the source of the model can be read: the http(s) address of a repository',
    )
    .requiredOption('--out <file>', 'where to: a name that ends in .parquet or .csv', someText)
    .option('--force', 'replace the file where it is there already', false)
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((options: SubmissionCommandOptions) => runCommand(options, (context) => write(options, context)));
}

async function write(options: SubmissionCommandOptions, context: CommandContext): Promise<string> {
  const { model, modelVersion } = options;
  const written = await withDatabase(options, context, (database) =>
    writeSubmission(database, {
      date: options.date,
      windowDays: options.windowDays,
      ...(model === undefined ? {} : { model }),
      ...(modelVersion === undefined ? {} : { modelVersion }),
      modelGithubUrl: options.githubUrl,
      out: options.out,
      force: options.force,
      signal: context.signal,
    }),
  );
  if (options.json) return JSON.stringify(written, null, 2);
  return [
    `Wrote the scores of ${count(written.alerts)} alerts of ${written.processing_date} by ${written.model_id} (${bytes(written.bytes)}):`,
    written.file,
    `They name version ${written.model_version} and ${written.model_github_url}.`,
  ].join('\n');
}
