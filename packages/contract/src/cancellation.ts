import { CancelledError } from './errors.ts';

/**
 * Stops here when the user asked to: call it between steps of long work.
 *
 * @param during what was going on, for the message: `'ingesting 2020-01-01'`
 * @throws {CancelledError} when the signal has aborted
 * @example
 * for (const snapshot of snapshots) { throwIfCancelled(signal, `ingesting ${snapshot}`); … }
 */
export function throwIfCancelled(signal: AbortSignal | undefined, during: string): void {
  if (signal?.aborted) throw new CancelledError({ during });
}
