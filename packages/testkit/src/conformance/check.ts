import { RiskScoringError } from '@risk-scoring/contract';

/** Throws `message` unless the condition holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Checks that two arrays hold the same numbers, bit by bit: NaN equals NaN, and 0 differs from -0. */
export function checkSameBits(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  check(found.length === expected.length, `${what}: ${found.length} numbers instead of ${expected.length}`);
  for (let i = 0; i < found.length; i++) {
    check(Object.is(found[i], expected[i]), `${what}: entry ${i} is ${found[i]} instead of ${expected[i]}`);
  }
}

/** Checks that a value is plain JSON, so that the metadata of a model can hold it and it comes back the same. */
export function checkPlainJson(value: unknown, what: string): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') check(Number.isFinite(value), `${what} is ${value}, which JSON cannot hold`);
  else if (Array.isArray(value))
    for (const [i, item] of value.entries()) checkPlainJson(item, `${what}[${i}]`);
  else {
    check(isPlainObject(value), `${what} is no plain JSON but ${Object.prototype.toString.call(value)}`);
    for (const [key, item] of Object.entries(value)) checkPlainJson(item, `${what}.${key}`);
  }
}

/** Checks that a promise rejects because of the signal: with its reason, or with an error of category 'cancelled'. */
export async function checkCancelled(
  work: Promise<unknown>,
  signal: AbortSignal,
  what: string,
): Promise<void> {
  const error = await rejectionOf(work);
  check(error !== undefined, `${what} went on to its end although its signal had aborted`);
  checkIsCancellation(error.reason, signal, what);
}

/** Checks that an error is what a signal causes. */
export function checkIsCancellation(error: unknown, signal: AbortSignal, what: string): void {
  const isCancellation =
    error === signal.reason || (RiskScoringError.isInstance(error) && error.category === 'cancelled');
  check(isCancellation, `${what} rejected with something else than the reason of its signal: ${error}`);
}

/** What a promise rejects with; undefined where it resolves. */
export async function rejectionOf(work: Promise<unknown>): Promise<{ readonly reason: unknown } | undefined> {
  try {
    await work;
  } catch (reason) {
    return { reason };
  }
  return undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
