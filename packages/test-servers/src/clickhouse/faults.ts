import type { Random } from './random.ts';

/** How a failure in mid-stream reaches the client inside a 200 answer. */
export type MidStreamStyle =
  /** The exception's text behind what was sent, then a clean end: servers before 25.11. */
  | 'text'
  /** A block marked by the tag of the `X-ClickHouse-Exception-Tag` header, then a clean end: servers since 25.11. */
  | 'tagged'
  /** The connection breaks without the last chunk. */
  | 'abort';

/**
 * What shall go wrong. A front's own may be changed while it runs. The four shares are of one draw: they exclude
 * one another and add up to 1 at most. A body shorter than the bytes of a body fault is sent whole, and then the
 * fault comes; error answers have no body faults.
 */
export interface Faults {
  /** Share (0 … 1) of requests whose connection is destroyed before the statement runs. */
  dropBefore: number;
  /** Share of requests whose statement runs and whose answer is lost with the connection. */
  dropAfter: number;
  /** Share of requests answered 503 without running, as by a load balancer without a server behind it. */
  unavailable: number;
  /** Share of requests answered 202 TOO_MANY_SIMULTANEOUS_QUERIES without running. */
  tooManyQueries: number;
  /** Milliseconds from the result to its answer. */
  delayMs: number;
  /** The body stops after so many bytes and never goes on. */
  stallAfterBytes?: number | undefined;
  /** The connection is destroyed after so many bytes of the body. */
  truncateAfterBytes?: number | undefined;
  /** The query fails after so many bytes; with `wait_end_of_query=1` before any, as an error answer. */
  failAfterBytes?: number | undefined;
  /** How {@link failAfterBytes} shows. `tagged` also puts the tag's header on every answer, as servers do. */
  midStreamStyle: MidStreamStyle;
  /** Only statements that match; without it also `/ping`. */
  match?: RegExp | undefined;
  /** At most so many more requests; counts down. */
  only?: number | undefined;
}

/** Nothing goes wrong. */
export function noFaults(): Faults {
  return {
    dropBefore: 0,
    dropAfter: 0,
    unavailable: 0,
    tooManyQueries: 0,
    delayMs: 0,
    midStreamStyle: 'tagged',
  };
}

/** What happens to one request. */
export interface FaultPlan {
  readonly instead: 'dropBefore' | 'unavailable' | 'tooManyQueries' | undefined;
  readonly isAnswerLost: boolean;
  readonly delayMs: number;
  readonly body: BodyFault | undefined;
}

/** Where and how a body goes wrong. */
export interface BodyFault {
  readonly kind: 'stall' | 'truncate' | 'fail';
  readonly afterBytes: number;
}

/** Draws the fate of one request and counts it in `faults.only`. One number is drawn for each matching request. */
export function planFaults(faults: Faults, sql: string, random: Random): FaultPlan {
  const none: FaultPlan = { instead: undefined, isAnswerLost: false, delayMs: 0, body: undefined };
  if (faults.match !== undefined && sql.search(faults.match) < 0) return none;
  const draw = random();
  if (faults.only !== undefined && faults.only <= 0) return none;
  const share = drawShare(faults, draw);
  const plan: FaultPlan = {
    instead: share === 'dropAfter' ? undefined : share,
    isAnswerLost: share === 'dropAfter',
    delayMs: faults.delayMs,
    body: bodyFault(faults),
  };
  const isAffected = share !== undefined || plan.delayMs > 0 || plan.body !== undefined;
  if (isAffected && faults.only !== undefined) faults.only--;
  return plan;
}

const shares = ['dropBefore', 'dropAfter', 'unavailable', 'tooManyQueries'] as const;

function drawShare(faults: Faults, draw: number): (typeof shares)[number] | undefined {
  let bound = 0;
  for (const share of shares) {
    bound += faults[share];
    if (draw < bound) return share;
  }
  return undefined;
}

function bodyFault(faults: Faults): BodyFault | undefined {
  const { failAfterBytes, truncateAfterBytes, stallAfterBytes } = faults;
  if (failAfterBytes !== undefined) return { kind: 'fail', afterBytes: failAfterBytes };
  if (truncateAfterBytes !== undefined) return { kind: 'truncate', afterBytes: truncateAfterBytes };
  if (stallAfterBytes !== undefined) return { kind: 'stall', afterBytes: stallAfterBytes };
  return undefined;
}
