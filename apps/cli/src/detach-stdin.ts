import { closeSync, openSync } from 'node:fs';

/**
 * Puts nothing in place of standard input. No command reads it, but the embedded engine takes what waits there for rows of the
 * next INSERT: in `while read name; do risk-scoring …; done < list` it would eat the list and fail.
 */
export function detachStdin(): void {
  if (process.platform === 'win32') return;
  try {
    closeSync(0);
  } catch {
    // It was closed already; the file opened next takes its number all the same.
  }
  openSync('/dev/null', 'r');
}
