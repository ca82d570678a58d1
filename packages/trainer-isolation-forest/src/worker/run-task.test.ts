import { runWorkerTask } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';

/** A worker that counts as far as it is told. */
const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
import { serveWorkerTask, InvalidInputError } from '${import.meta.resolve('@risk-scoring/contract')}';
await serveWorkerTask(async ({ to, fail }, watch) => {
  for (let at = 1; at <= to; at++) {
    watch.throwIfCancelled();
    watch.report(at);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (fail === 'typed') throw new InvalidInputError({ what: 'The count', expected: 'less', found: to });
  if (fail === 'plain') throw new TypeError('broken');
  if (fail === 'exit') process.exit(3);
  return to;
});`)}`,
);
const name = 'the counter';
type Input = { readonly to: number; readonly fail?: string };
const count = (input: Input, rest: { signal?: AbortSignal; onProgress?: (at: number) => void } = {}) =>
  runWorkerTask<Input, number, number>({ script, name, input, ...rest });

describe('runWorkerTask', () => {
  it('brings back the result, and every step on the way', async () => {
    const seen: number[] = [];
    expect(await count({ to: 5 }, { onProgress: (at) => seen.push(at) })).toBe(5);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  it('brings back the parts of a typed error', async () => {
    await expect(count({ to: 1, fail: 'typed' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      name: 'InvalidInputError',
      expected: 'less',
    });
  });

  it('says so where the thread throws something else, or ends', async () => {
    await expect(count({ to: 1, fail: 'plain' })).rejects.toMatchObject({
      code: 'WORKER_TASK',
      found: 'it threw: broken',
    });
    await expect(count({ to: 1, fail: 'exit' })).rejects.toThrow(/the counter ended.*exited with code 3/);
  });

  it('stops between steps when the signal aborts, before or during the work', async () => {
    await expect(count({ to: 5 }, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    const controller = new AbortController();
    const seen: number[] = [];
    const counting = count(
      { to: 1e9 },
      {
        signal: controller.signal,
        onProgress: (at) => {
          seen.push(at);
          if (at === 3) controller.abort();
        },
      },
    );
    await expect(counting).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('ends when whoever watches throws', async () => {
    const onProgress = () => {
      throw new RangeError('enough');
    };
    await expect(count({ to: 1e9 }, { onProgress })).rejects.toThrow('enough');
  });
});
