import { createRequire } from 'node:module';
import { Command } from 'commander';
import { addDoctor } from './commands/doctor.ts';
import { addFeatures } from './commands/features.ts';
import { addIngest } from './commands/ingest.ts';
import { addInit } from './commands/init.ts';
import { addLabels } from './commands/labels/index.ts';
import { addModels } from './commands/models/index.ts';
import { addMonitor } from './commands/monitor.ts';
import { addReport } from './commands/report.ts';
import { addScore } from './commands/score.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStatus } from './commands/status.ts';
import { addSubmission } from './commands/submission.ts';
import { addTrain } from './commands/train.ts';
import { addTune } from './commands/tune.ts';
import { addVacuum } from './commands/vacuum.ts';
import { addValidateSubmission } from './commands/validate-submission.ts';
import { EXIT_CODES } from './output/exit-codes.ts';

/** The command `risk-scoring` with all its sub-commands. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
  const program = new Command('risk-scoring')
    .description('Train, judge and serve models that score blockchain alerts.')
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for the options)')
    // A call that cannot be meant ends like any other bad input.
    .exitOverride((error) => {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_CODES.input;
      throw error;
    });
  addSimulate(program);
  addInit(program);
  addIngest(program);
  addStatus(program);
  addVacuum(program);
  addFeatures(program);
  addLabels(program);
  addTrain(program);
  addTune(program);
  addScore(program);
  addModels(program);
  addReport(program);
  addMonitor(program);
  addSubmission(program);
  addValidateSubmission(program);
  addDoctor(program);
  return program;
}
