import { Worker } from 'node:worker_threads';
import { CancelledError, RiskScoringError, throwIfCancelled } from '@risk-scoring/contract';
import type { Message, Task, TaskName, Tasks } from './tasks.ts';

/** The worker thread ended before its work was done. */
export class IsolationForestWorkerError extends RiskScoringError {
  constructor(parts: { found: string; cause?: unknown }) {
    super({
      code: 'ISOLATION_FOREST_WORKER',
      category: 'internal',
      summary: 'The worker thread of the isolation forest ended before its work was done.',
      remedy: 'give the process more memory, or take a smaller sampleSize',
      ...parts,
    });
  }
}

/** How a task is watched and stopped. */
export interface TaskOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each tree; what it throws ends the task. */
  readonly onTree?: ((trees: number) => void) | undefined;
}

/**
 * Does a task in a worker thread of its own. Values on a SharedArrayBuffer are read in place. Aborting sets a flag that the thread looks at
 * before each tree.
 *
 * @throws {CancelledError} when the signal aborts
 * @throws {IsolationForestWorkerError} where the thread ends, for want of memory
 */
export async function runTask<Name extends TaskName>(
  name: Name,
  input: Tasks[Name]['input'],
  { signal, onTree }: TaskOptions = {},
): Promise<Tasks[Name]['output']> {
  throwIfCancelled(signal, 'training');
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => Atomics.store(cancelled, 0, 1);
  signal?.addEventListener('abort', cancel, { once: true });
  const task = { name, input, cancelled } as Task;
  // Flags of this process may not suit the script: `--input-type`, which goes with `node -e`, ends a worker.
  const script = new URL('./forest-worker.js', import.meta.url);
  const worker = new Worker(script, { name: 'isolation-forest', execArgv: [], workerData: task });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: Message) => {
        if (message.kind === 'done') resolve(message.output as Tasks[Name]['output']);
        else if (message.kind === 'cancelled') reject(new CancelledError({ during: 'training' }));
        else report(message.trees, reject);
      });
      worker.on('error', (cause) =>
        reject(new IsolationForestWorkerError({ found: `it threw: ${cause.message}`, cause })),
      );
      worker.on('exit', (code) =>
        reject(new IsolationForestWorkerError({ found: `it exited with code ${code}` })),
      );
    });
  } finally {
    signal?.removeEventListener('abort', cancel);
    await worker.terminate();
    throwIfCancelled(signal, 'training');
  }

  /** What was grown before the thread saw the flag is of no interest any more. */
  function report(trees: number, reject: (error: unknown) => void): void {
    if (Atomics.load(cancelled, 0) !== 0) return;
    try {
      onTree?.(trees);
    } catch (error) {
      cancel();
      reject(error);
    }
  }
}
