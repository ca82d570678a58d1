/** One promise of the contract, as a check of an implementation. */
export interface ConformanceCase<Subject> {
  /** What the implementation has to do, in words; also its key among known failures. */
  readonly name: string;
  /** Rejects, saying what is wrong, where the promise is broken. */
  run(subject: Subject): Promise<void>;
  /** Why the promise does not apply to this subject, if it does not: it left out an optional method. */
  skipReason?(subject: Subject): Promise<string | undefined>;
}

/** Options that every suite takes. */
export interface ConformanceOptions {
  /**
   * Promises that the implementation is known to break: the name of the case, and why. Such a case fails only
   * when it passes, so that the entry goes when its reason has gone.
   */
  readonly knownFailures?: Readonly<Record<string, string>>;
  /** Milliseconds that one case may take. Default 60,000. */
  readonly timeout?: number;
}

/** How a case ended. */
export type CaseOutcome =
  | { readonly name: string; readonly status: 'passed' }
  | { readonly name: string; readonly status: 'skipped'; readonly reason: string }
  | { readonly name: string; readonly status: 'failed'; readonly error: unknown }
  | {
      readonly name: string;
      readonly status: 'known-failure';
      readonly reason: string;
      readonly error: unknown;
    }
  | { readonly name: string; readonly status: 'unexpectedly-passed'; readonly reason: string };

/**
 * Runs one case.
 *
 * @param knownFailure the reason for which it is expected to fail, if it is
 */
export async function runCase<Subject>(
  { name, run, skipReason }: ConformanceCase<Subject>,
  subject: Subject,
  knownFailure?: string,
): Promise<CaseOutcome> {
  const skipped = await skipReason?.(subject);
  if (skipped !== undefined) return { name, status: 'skipped', reason: skipped };
  try {
    await run(subject);
  } catch (error) {
    return knownFailure === undefined
      ? { name, status: 'failed', error }
      : { name, status: 'known-failure', reason: knownFailure, error };
  }
  return knownFailure === undefined
    ? { name, status: 'passed' }
    : { name, status: 'unexpectedly-passed', reason: knownFailure };
}
