import { CommanderError } from 'commander';
import { detachStdin } from './detach-stdin.ts';
import { createProgram } from './program.ts';
import { assertWorkingFolder, watchOutput } from './surroundings.ts';

detachStdin();
watchOutput();
assertWorkingFolder();

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has printed what is wrong with the call, and exitOverride has set the exit code.
  if (!(error instanceof CommanderError)) throw error;
}
