import { parentPort, Worker, workerData } from 'node:worker_threads';
import { throwIfCancelled } from '../cancellation.ts';
import { CancelledError } from '../errors.ts';
import { type ErrorDescription, RiskScoringError } from '../risk-scoring-error.ts';

/** What a worker thread starts with: its work, and the flag that cancels it (an Int32Array of one, shared). */
interface Task<Input> {
  readonly input: Input;
  readonly cancelled: Int32Array;
}

/** What it posts. */
type Message<Output, Progress> =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly output: Output }
  | { readonly kind: 'failed'; readonly name: string; readonly description: ErrorDescription };

/** A worker thread ended before its work was done. */
export class WorkerTaskError extends RiskScoringError {
  constructor({ name, ...parts }: { name: string; found: string; cause?: unknown }) {
    super({
      code: 'WORKER_TASK',
      category: 'internal',
      summary: `The worker thread of ${name} ended before its work was done.`,
      remedy: 'give the process more memory, or the training less data',
      ...parts,
    });
  }
}

/** Which work, and how it is watched and stopped. */
export interface WorkerTaskOptions<Input, Progress> {
  /** A module that calls {@link serveWorkerTask}: `new URL('./worker.js', import.meta.url)`. */
  readonly script: URL;
  /** What it is, for messages: `the isolation forest`. */
  readonly name: string;
  /** Is posted: values on a SharedArrayBuffer are read in place, everything else is copied. */
  readonly input: Input;
  /** What is being done, for `CancelledError`; `training` by default. */
  readonly during?: string;
  readonly signal?: AbortSignal | undefined;
  /** What it throws ends the task. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Does a piece of work in a worker thread of its own, so that the event loop stays free. Aborting sets a flag that the work looks at between its
 * steps. A `RiskScoringError` that the work throws comes back with its parts and name, though not its class.
 *
 * @throws {CancelledError} when the signal aborts
 * @throws {WorkerTaskError} where the thread ends, for want of memory, or throws what is no RiskScoringError
 * @example
 * const forest = await runWorkerTask<Growth, Forest, number>({ script, name: 'the forest', input, signal, onProgress: (trees) => show(trees) });
 */
export async function runWorkerTask<Input, Output, Progress = never>(
  options: WorkerTaskOptions<Input, Progress>,
): Promise<Output> {
  const { script, name, input, during = 'training', signal, onProgress } = options;
  throwIfCancelled(signal, during);
  const cancelled = new Int32Array(new SharedArrayBuffer(4));
  const cancel = () => Atomics.store(cancelled, 0, 1);
  signal?.addEventListener('abort', cancel, { once: true });
  const task: Task<Input> = { input, cancelled };
  // Flags of this process may not suit the script: `--input-type`, which goes with `node -e`, ends a worker.
  const worker = new Worker(script, { name, execArgv: [], workerData: task });
  try {
    return await new Promise((resolve, reject) => {
      const report = (progress: Progress) => {
        // What was done before the thread saw the flag is of no interest any more.
        if (Atomics.load(cancelled, 0) !== 0) return;
        try {
          onProgress?.(progress);
        } catch (error) {
          cancel();
          reject(error);
        }
      };
      worker.on('message', (message: Message<Output, Progress>) => {
        if (message.kind === 'done') resolve(message.output);
        else if (message.kind === 'failed') reject(unpack(message));
        else report(message.progress);
      });
      worker.on('error', (cause) =>
        reject(new WorkerTaskError({ name, found: `it threw: ${cause.message}`, cause })),
      );
      worker.on('exit', (code) =>
        reject(new WorkerTaskError({ name, found: `it exited with code ${code}` })),
      );
    });
  } finally {
    signal?.removeEventListener('abort', cancel);
    await worker.terminate();
    throwIfCancelled(signal, during);
  }
}

/** What the work has of the thread that asked for it. */
export interface WorkerTaskWatch<Progress> {
  /** @throws {CancelledError} once the signal has aborted; call it between steps */
  throwIfCancelled(): void;
  report(progress: Progress): void;
}

/**
 * The other end of {@link runWorkerTask}: does the one piece of work that this worker thread was started for.
 *
 * @example
 * // worker.ts
 * serveWorkerTask<Growth, Forest, number>((input, watch) => growForest(input, (trees) => { watch.throwIfCancelled(); watch.report(trees); }));
 */
export async function serveWorkerTask<Input, Output, Progress = never>(
  work: (input: Input, watch: WorkerTaskWatch<Progress>) => Output | Promise<Output>,
): Promise<void> {
  if (parentPort === null) throw new Error('This script is started by runWorkerTask, as a worker thread.');
  const port = parentPort;
  const post = (message: Message<Output, Progress>) => port.postMessage(message);
  const { input, cancelled } = workerData as Task<Input>;
  try {
    const output = await work(input, {
      throwIfCancelled() {
        if (Atomics.load(cancelled, 0) !== 0) throw new CancelledError({ during: 'training' });
      },
      report: (progress) => post({ kind: 'progress', progress }),
    });
    post({ kind: 'done', output });
  } catch (error) {
    if (!RiskScoringError.isInstance(error)) throw error;
    const { name, code, category, summary, expected, found, remedy } = error;
    const optional = Object.entries({ expected, found, remedy }).filter((entry) => entry[1] !== undefined);
    post({
      kind: 'failed',
      name,
      description: { code, category, summary, ...Object.fromEntries(optional) },
    });
  }
}

function unpack({ name, description }: { name: string; description: ErrorDescription }): RiskScoringError {
  const error = new RiskScoringError(description);
  error.name = name;
  return error;
}
