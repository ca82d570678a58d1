import { parseError } from '@clickhouse/client';
import { CancelledError } from '@risk-scoring/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HttpStatusError, InterruptedResultError } from './engine/transport-errors.ts';
import { DEFAULT_RETRY, type RetryEvent, type RetryPolicy, withRetries } from './retry.ts';

/** An exception as servers write it and the client reads it. */
function exception(code: number, type: string, text = 'something'): Error {
  return parseError(`Code: ${code}. DB::Exception: ${text}. (${type}) (version 26.7.2.1 (official build))`);
}

describe('withRetries', () => {
  const policy = { attempts: 8, firstDelayMs: 100, longestDelayMs: 2000 };
  const lost = () => new InterruptedResultError();

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** The waits between the attempts of work that always fails, in milliseconds. */
  async function waits(under: Omit<RetryPolicy, 'connectAttempts'>): Promise<number[]> {
    const starts: number[] = [];
    const failing = withRetries(
      async () => {
        starts.push(Date.now());
        throw lost();
      },
      { doing: 'waiting', policy: under },
    ).catch(() => undefined);
    await vi.runAllTimersAsync();
    await failing;
    return starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  }

  it('waits about twice as long each time, up to a bound, and never the same', async () => {
    const runs = [];
    for (let run = 0; run < 20; run++) runs.push(await waits(policy));
    for (const delays of runs) {
      expect(delays).toHaveLength(policy.attempts - 1);
      for (const [index, delay] of delays.entries()) {
        expect(delay).toBeGreaterThanOrEqual(Math.min(100 * 2 ** index, 2000));
        expect(delay).toBeLessThanOrEqual(Math.min(200 * 2 ** index, 2000));
      }
    }
    expect(new Set(runs.map(([first]) => first)).size).toBeGreaterThan(5);
  });

  it('waits for no more than a minute and a half in all by default', async () => {
    const delays = await waits(DEFAULT_RETRY);
    expect(delays).toHaveLength(DEFAULT_RETRY.attempts - 1);
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeLessThanOrEqual(90_000);
  });

  it('returns what succeeds at last, and tells of every attempt before', async () => {
    const events: RetryEvent[] = [];
    const working = withRetries(
      async (attempt) => {
        if (attempt < 4)
          throw exception(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', `Too many, attempt ${attempt}`);
        return attempt;
      },
      { doing: 'counting', policy, onRetry: (event) => events.push(event) },
    );
    await vi.runAllTimersAsync();
    expect(await working).toBe(4);
    expect(events.map(({ doing, attempt, attempts }) => ({ doing, attempt, attempts }))).toEqual(
      [1, 2, 3].map((attempt) => ({ doing: 'counting', attempt, attempts: 8 })),
    );
    expect(events.map(({ reason }) => reason)).toEqual(
      [1, 2, 3].map((n) => expect.stringContaining(`attempt ${n}`)),
    );
  });

  it('gives up after so many attempts, with the last failure as it was', async () => {
    let attempts = 0;
    const failing = withRetries(
      async () => {
        attempts++;
        throw new HttpStatusError(503, `${attempts}`);
      },
      { doing: 'x', policy: { ...policy, attempts: 3 } },
    );
    const failed = expect(failing).rejects.toThrow('HTTP 503: 3');
    await vi.runAllTimersAsync();
    await failed;
    expect(attempts).toBe(3);
  });

  it.each([
    ['what is final', () => exception(60, 'UNKNOWN_TABLE'), true],
    ['what may have run and must not run twice', lost, false],
  ] as const)('does not repeat %s', async (_, failure, repeatable) => {
    let attempts = 0;
    const events: RetryEvent[] = [];
    const failing = withRetries(
      async () => {
        attempts++;
        throw failure();
      },
      { doing: 'x', policy, repeatable, onRetry: (event) => events.push(event) },
    );
    await expect(failing).rejects.toThrow();
    expect({ attempts, events }).toEqual({ attempts: 1, events: [] });
  });

  it('repeats what was surely not run, though it must not run twice', async () => {
    const working = withRetries(
      async (attempt) => {
        if (attempt === 1) throw new HttpStatusError(503, '');
        return 'done';
      },
      { doing: 'x', policy, repeatable: false },
    );
    await vi.runAllTimersAsync();
    expect(await working).toBe('done');
  });

  it('says something even where Node says nothing, and not all where a server says much', async () => {
    const reasons: string[] = [];
    const failures = [
      Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
      exception(210, 'NETWORK_ERROR', `${'x'.repeat(5000)}\nSELECT`),
    ];
    const working = withRetries(
      async (attempt) => {
        const failure = failures[attempt - 1];
        if (failure) throw failure;
      },
      { doing: 'x', policy, onRetry: ({ reason }) => reasons.push(reason) },
    );
    await vi.runAllTimersAsync();
    await working;
    expect(reasons).toEqual(['ECONNREFUSED', expect.stringMatching(/^x{300}…$/)]);
  });

  it('ends a wait at once when it is cancelled, and does not begin cancelled', async () => {
    let attempts = 0;
    const controller = new AbortController();
    const options = { doing: 'waiting', policy: { ...policy, firstDelayMs: 60_000, longestDelayMs: 60_000 } };
    const work = async () => {
      attempts++;
      throw lost();
    };
    const waiting = withRetries(work, { ...options, signal: controller.signal });
    const cancelled = expect(waiting).rejects.toThrow(CancelledError);
    await vi.advanceTimersByTimeAsync(1000);
    const before = Date.now();
    controller.abort();
    await cancelled;
    expect(Date.now()).toBe(before);
    await expect(withRetries(work, { ...options, signal: AbortSignal.abort() })).rejects.toThrow(
      CancelledError,
    );
    expect(attempts).toBe(1);
  });

  it('tells of no further attempt when it was cancelled during one', async () => {
    const controller = new AbortController();
    const events: RetryEvent[] = [];
    const working = withRetries(
      async () => {
        controller.abort();
        throw lost();
      },
      { doing: 'x', policy, signal: controller.signal, onRetry: (event) => events.push(event) },
    );
    await expect(working).rejects.toThrow(CancelledError);
    expect(events).toEqual([]);
  });
});
