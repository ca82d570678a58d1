import { CancelledError, RiskScoringError } from '@risk-scoring/contract';
import pRetry from 'p-retry';
import { HttpStatusError, InterruptedResultError } from './engine/transport-errors.ts';

/** How often to try again, and how long to wait before: twice as long each time, times a random 1 to 2. */
export interface RetryPolicy {
  /** Attempts at most, the first included. */
  readonly attempts: number;
  /** Attempts at most of the first request of all: a wrong address should not take minutes to tell. */
  readonly connectAttempts: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** Ten attempts, waiting for less than a minute in all. */
export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 10,
  connectAttempts: 4,
  firstDelayMs: 200,
  longestDelayMs: 10_000,
};

/** A failure after which the same is tried again. */
export interface RetryEvent {
  /** What failed: "inserting …". */
  readonly doing: string;
  /** The attempt that failed, from 1. */
  readonly attempt: number;
  readonly attempts: number;
  /** Why, without values. */
  readonly reason: string;
}

/**
 * What a failure says about the statement: it was surely not run (`refused`), it may have been (`lost`), or there is no
 * point in repeating it (`final`).
 */
export type FailureKind = 'refused' | 'lost' | 'final';

const refusedCodes = new Set(['ECONNREFUSED', 'EAI_AGAIN']);
const lostCodes = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  // A response that stops in the middle of its compression.
  'Z_BUF_ERROR',
]);
/** ClickHouse's own names for what passes by itself. */
const refusedTypes = new Set([
  'TOO_MANY_SIMULTANEOUS_QUERIES',
  // A replica that is catching up.
  'REPLICA_IS_NOT_IN_QUORUM',
]);
const lostTypes = new Set([
  'SOCKET_TIMEOUT',
  'NETWORK_ERROR',
  'ALL_CONNECTION_TRIES_FAILED',
  'ALL_REPLICAS_LOST',
  'KEEPER_EXCEPTION',
  'TABLE_IS_READ_ONLY',
  'TOO_MANY_PARTS',
  'UNKNOWN_STATUS_OF_INSERT',
  'TOO_FEW_LIVE_REPLICAS',
  'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE',
]);

/** Sorts a failure as the client, the network or the server made it. */
export function failureKind(error: unknown): FailureKind {
  if (RiskScoringError.isInstance(error) || !(error instanceof Error)) return 'final';
  if (error instanceof InterruptedResultError) return 'lost';
  if (error instanceof HttpStatusError) {
    if (error.status === 503 || error.status === 429) return 'refused';
    return error.status === 502 || error.status === 504 ? 'lost' : 'final';
  }
  const { type, code } = error as { type?: string; code?: string };
  if (type !== undefined) {
    if (refusedTypes.has(type)) return 'refused';
    return lostTypes.has(type) ? 'lost' : 'final';
  }
  if (code !== undefined && refusedCodes.has(code)) return 'refused';
  if (code !== undefined && lostCodes.has(code)) return 'lost';
  // The client's words for a request that answered nothing in time, and Node's for a response cut off.
  if (/^Timeout error|socket hang up|^aborted$|^terminated$/i.test(error.message)) return 'lost';
  return /^(?:HTTP )?503\b|Service Unavailable/i.test(error.message) ? 'refused' : 'final';
}

/**
 * Runs `work` until it succeeds, fails for good, or the policy is used up; then the last failure comes out as it was.
 *
 * @throws {CancelledError} when the signal aborts between attempts
 */
export async function withRetries<T>(
  work: (attempt: number) => Promise<T>,
  options: {
    readonly doing: string;
    readonly policy: Omit<RetryPolicy, 'connectAttempts'>;
    /** Whether what may have been done can be done again. Defaults to yes. */
    readonly repeatable?: boolean;
    /** Another rule for what is tried again, in place of {@link failureKind}. */
    readonly shouldRepeat?: (error: unknown) => boolean;
    readonly onRetry?: (event: RetryEvent) => void;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<T> {
  const { doing, policy, repeatable = true, onRetry, signal } = options;
  const byKind = (error: unknown) => {
    const kind = failureKind(error);
    return kind === 'refused' || (kind === 'lost' && repeatable);
  };
  const mayRepeat = (error: unknown) => !signal?.aborted && (options.shouldRepeat ?? byKind)(error);
  const attempts = Math.max(1, policy.attempts);
  try {
    return await pRetry((attempt) => work(attempt), {
      retries: attempts - 1,
      factor: 2,
      minTimeout: policy.firstDelayMs,
      maxTimeout: policy.longestDelayMs,
      randomize: true,
      ...(signal ? { signal } : {}),
      shouldRetry: ({ error }) => mayRepeat(error),
      onFailedAttempt: ({ error, attemptNumber, retriesLeft }) => {
        if (retriesLeft === 0 || !mayRepeat(error)) return;
        onRetry?.({ doing, attempt: attemptNumber, attempts, reason: reasonOf(error) });
      },
    });
  } catch (error) {
    if (signal?.aborted && !RiskScoringError.isInstance(error)) throw new CancelledError({ during: doing });
    throw error;
  }
}

/** One line. Node says nothing but a code where every address of a name refused. */
function reasonOf(error: Error): string {
  // A typed error says what to do, which is not yet needed; what happened is its cause.
  if (RiskScoringError.isInstance(error) && error.cause instanceof Error) return reasonOf(error.cause);
  const line = error.message.split('\n', 1)[0]?.trim() || (error as { code?: string }).code || error.name;
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
