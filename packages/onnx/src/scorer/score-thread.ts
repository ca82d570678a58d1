import { Worker } from 'node:worker_threads';
import { OnnxModelError } from '../errors.ts';
import type { RowScores } from './session.ts';
import type { WorkerReply, WorkerRequest, WorkerSetup } from './worker-messages.ts';

/** A chunk's scores, and its buffer for the next chunk. */
export interface ScoredChunk extends RowScores {
  readonly values: Float32Array;
}

interface Waiting {
  readonly resolve: (chunk: ScoredChunk) => void;
  readonly reject: (error: unknown) => void;
}

/** One worker thread with a session of its own. It holds the process open only while it has work. */
export class ScoreThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  /** Why it can score no more. */
  #end: OnnxModelError | undefined;

  constructor(setup: WorkerSetup) {
    // Flags of the main program, such as those of `node --input-type=module -e …`, are not for this script.
    this.#worker = new Worker(workerUrl(), { workerData: setup, execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    this.#worker.on('error', (cause) => this.#fail(cause));
    this.#worker.on('exit', (code) => this.#fail(new Error(`exit code ${code}`)));
  }

  /** Scores `rows` rows of a row-major chunk. The chunk's buffer changes hands and comes back with the scores. */
  score(values: Float32Array, rows: number): Promise<ScoredChunk> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#post({ kind: 'score', id, values, rows }, [values.buffer as ArrayBuffer]);
    });
  }

  /** Lets the chunks under way finish, then ends the thread. */
  async close(): Promise<void> {
    if (this.#end !== undefined) return;
    this.#worker.ref();
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#post({ kind: 'close' });
    await exited;
  }

  #post(request: WorkerRequest, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #settle(reply: WorkerReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('error' in reply) waiting?.reject(scoringFailed(reply.error));
    else waiting?.resolve(reply);
  }

  #fail(cause: unknown): void {
    this.#end ??= scoringFailed(cause);
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}

function scoringFailed(cause: unknown): OnnxModelError {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new OnnxModelError({ expected: 'a scoring thread that works', found, cause });
}

/** Node cannot start a thread from TypeScript: where the sources run as they are (tests), the built worker serves. */
function workerUrl(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? '../../dist/scorer/score-worker.js' : './score-worker.js', import.meta.url);
}
