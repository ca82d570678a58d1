import { EXIT_CODES } from './output/exit-codes.ts';

/**
 * Ends the command when its output cannot be written: quietly where nobody reads it any more, as after `| head -1`, else
 * with a word.
 */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`error: The result cannot be written: ${error.message}\n`);
    process.exit(EXIT_CODES.environment);
  });
  // Where not even this can be written, nobody is left to be told.
  process.stderr.on('error', () => process.exit(EXIT_CODES.environment));
}

/** Ends the command where the folder it was started in is gone: no path can be found from there. */
export function assertWorkingFolder(): void {
  try {
    process.cwd();
  } catch {
    process.stderr.write(
      'error: The folder that this command was started in is gone.\n  to do:    cd to another folder\n',
    );
    process.exit(EXIT_CODES.environment);
  }
}
