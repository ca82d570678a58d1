import { Worker } from 'node:worker_threads';
import { CancelledError } from '@risk-scoring/contract';
import { LightGBMDisposedError, LightGBMWorkerError } from '../errors.ts';
import type { LightGBMLogHandler } from '../log.ts';
import type { IterationReport } from '../training-loop.ts';
import { unpackError } from './error-transfer.ts';
import type { Message, OperationName, Operations } from './protocol.ts';

/** How a request is watched and stopped. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((report: IterationReport) => void) | undefined;
}

interface PendingRequest {
  readonly settle: (outcome: { output: unknown } | { error: unknown }) => void;
  readonly onProgress: (report: IterationReport) => void;
  readonly cancel: () => void;
}

/** Requests to one worker thread, and its answers. The thread does not keep the process alive while it is idle. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #pending = new Map<number, PendingRequest>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #endedBecause: Error | undefined;

  constructor(script: URL, onLog: LightGBMLogHandler | undefined) {
    // Flags of this process may not suit the script: `--input-type`, which goes with `node -e`, ends a worker.
    this.#worker = new Worker(script, { name: 'lightgbm', execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (message: Message) => this.#receive(message, onLog));
    this.#worker.on('messageerror', (cause) =>
      this.#fail(`an answer that cannot be read: ${cause.message}`, cause),
    );
    this.#worker.on('error', (cause) => this.#fail(`it threw: ${cause.message}`, cause));
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#fail(`it exited with code ${code}`);
        resolve();
      });
    });
  }

  /**
   * Asks for an operation. Aborting sets a flag that the worker looks at between iterations and chunks; the
   * promise rejects when the worker has let go of the work, not before.
   */
  request<Name extends OperationName>(
    name: Name,
    input: Operations[Name]['input'],
    { signal, onProgress }: RequestOptions = {},
  ): Promise<Operations[Name]['output']> {
    if (this.#endedBecause) return Promise.reject(this.#endedBecause);
    if (signal?.aborted) return Promise.reject(new CancelledError({ during: during(name) }));
    const id = ++this.#lastId;
    const cancelled = new Int32Array(new SharedArrayBuffer(4));
    const cancel = () => Atomics.store(cancelled, 0, 1);
    signal?.addEventListener('abort', cancel, { once: true });
    return new Promise((resolve, reject) => {
      let failedToReport: { error: unknown } | undefined;
      const settle: PendingRequest['settle'] = (outcome) => {
        signal?.removeEventListener('abort', cancel);
        this.#pending.delete(id);
        if (this.#pending.size === 0 && !this.#endedBecause) this.#worker.unref();
        if (failedToReport) reject(failedToReport.error);
        else if ('error' in outcome) reject(outcome.error);
        else resolve(outcome.output as Operations[Name]['output']);
      };
      const report = (progress: IterationReport) => {
        try {
          if (!failedToReport) onProgress?.(progress);
        } catch (error) {
          failedToReport = { error };
          cancel();
        }
      };
      this.#pending.set(id, { settle, onProgress: report, cancel });
      this.#worker.ref();
      this.#worker.postMessage({ id, name, input, cancelled });
    });
  }

  /** Cancels what is asked for, lets the worker free its memory, and waits for its end, however it comes. */
  async close(): Promise<void> {
    for (const { cancel } of this.#pending.values()) cancel();
    if (!this.#endedBecause) {
      this.request('close', undefined).catch(() => {});
      this.#endedBecause = new LightGBMDisposedError({ what: 'session' });
    }
    this.#worker.ref();
    await this.#ended;
  }

  #receive(message: Message, onLog: LightGBMLogHandler | undefined): void {
    switch (message.kind) {
      case 'done':
        this.#pending.get(message.id)?.settle({ output: message.output });
        break;
      case 'failed':
        this.#pending.get(message.id)?.settle({ error: unpackError(message.error) });
        break;
      case 'progress':
        this.#pending.get(message.id)?.onProgress(message.report);
        break;
      case 'log':
        onLog?.(message.entry);
        break;
    }
  }

  #fail(found: string, cause?: unknown): void {
    const error = new LightGBMWorkerError({ found, cause });
    this.#endedBecause ??= error;
    for (const { settle } of this.#pending.values()) settle({ error });
  }
}

function during(name: OperationName): string {
  switch (name) {
    case 'train':
      return 'training';
    case 'predict':
      return 'predicting';
    case 'createDataset':
      return 'sorting rows into bins';
    default:
      return 'waiting for LightGBM';
  }
}
