import { type SubmissionReport, validateSubmission } from '@risk-scoring/pipeline';
import type { Command } from 'commander';
import { common, someText } from '../options.ts';
import { EXIT_CODES } from '../output/exit-codes.ts';
import { showSubmissionReport } from '../output/submission-report.ts';
import { type CommandContext, runCommand, withDatabase } from '../run.ts';

interface ValidateSubmissionCommandOptions {
  readonly network: string;
  readonly date: string;
  readonly windowDays: number;
  readonly others?: readonly string[];
  readonly previous?: string;
  readonly asOf?: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly json: boolean;
}

/** `risk-scoring validate-submission`: scores a submission as a validator would. */
export function addValidateSubmission(program: Command): void {
  program
    .command('validate-submission')
    .description('score a submission as a validator does, beside figures that say how good it is')
    .argument('<file>', 'the submission: .csv or .parquet', someText)
    .addOption(common.network())
    .requiredOption('--date <date>', 'processing date of the snapshot, YYYY-MM-DD')
    .addOption(common.windowDays())
    .option('--others <files...>', 'further submissions of this snapshot, which the median is of as well')
    .option('--previous <file>', 'a submission of the same model for an earlier date', someText)
    .option('--as-of <date>', 'the day to judge on, YYYY-MM-DD (default: that of the newest snapshot)')
    .addOption(common.config())
    .addOption(common.dataDir())
    .addOption(common.json())
    .action((file: string, options: ValidateSubmissionCommandOptions) =>
      runCommand(options, (context) => validate(file, options, context)),
    );
}

async function validate(
  file: string,
  options: ValidateSubmissionCommandOptions,
  context: CommandContext,
): Promise<string> {
  const { others, previous, asOf } = options;
  const report: SubmissionReport = await withDatabase(options, context, (database) =>
    validateSubmission(database, {
      file,
      ...(others === undefined ? {} : { others }),
      ...(previous === undefined ? {} : { previous }),
      ...(asOf === undefined ? {} : { asOf }),
      date: options.date,
      windowDays: options.windowDays,
      signal: context.signal,
    }),
  );
  // The report is the answer, whatever it says; a shell learns from the exit code that the file would be refused.
  if (!report.integrity.passed) process.exitCode = EXIT_CODES.data;
  return options.json ? JSON.stringify(report, null, 2) : showSubmissionReport(report);
}
