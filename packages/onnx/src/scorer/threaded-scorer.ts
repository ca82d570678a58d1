import type { FeatureMatrix } from '@risk-scoring/contract';
import { InvalidInputError, throwIfCancelled } from '@risk-scoring/contract';
import type { OnnxModelMetadata } from '../model-metadata.ts';
import { assertRowsExist, assertSameFeatures } from './check-matrix.ts';
import type { OnnxScorer, ScoreOptions, Scores } from './onnx-scorer.ts';
import { ScoreThread } from './score-thread.ts';
import type { ScoringSession } from './session.ts';
import { copyRowMajor } from './transpose.ts';

/** Up to so many rows are scored in the calling thread: cheaper than sending them to another. */
const inlineRows = 32;

/** What a scorer is made of. */
export interface ScorerParts {
  readonly bytes: Uint8Array;
  readonly metadata: OnnxModelMetadata;
  readonly session: ScoringSession;
  readonly chunkRows: number;
  readonly sessions: number;
  readonly modelId: string;
}

/** What one `score` call works on. */
interface Job {
  readonly matrix: FeatureMatrix;
  readonly options: ScoreOptions;
  readonly count: number;
  readonly scores: Scores;
  /** Where the next chunk starts. */
  next: number;
  rowsDone: number;
}

/** A scorer on one session in this thread, for a few rows, and on worker threads for many. */
export class ThreadedScorer implements OnnxScorer {
  readonly #parts: ScorerParts;
  readonly #threads: ScoreThread[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #disposal: Promise<void> | undefined;

  constructor(parts: ScorerParts) {
    this.#parts = parts;
  }

  get featureNames(): readonly string[] {
    return this.#parts.metadata.featureNames;
  }

  get link() {
    return this.#parts.metadata.link;
  }

  async score(matrix: FeatureMatrix, options: ScoreOptions = {}): Promise<Scores> {
    if (this.#disposal !== undefined) {
      throw new InvalidInputError({
        what: 'The ONNX scorer',
        expected: 'one in use',
        found: 'one disposed of',
      });
    }
    assertSameFeatures(matrix, this.featureNames, this.#parts.modelId);
    assertRowsExist(matrix, options.rows);
    throwIfCancelled(options.signal, 'scoring');
    const count = options.rows?.length ?? matrix.rows;
    const scores = { raw: new Float64Array(count), probability: new Float64Array(count) };
    const job: Job = { matrix, options, count, scores, next: 0, rowsDone: 0 };
    const work = count <= inlineRows ? this.#scoreInline(job) : this.#scoreInThreads(job);
    this.#underWay.add(work);
    try {
      await work;
    } finally {
      this.#underWay.delete(work);
    }
    return scores;
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#release();
    return this.#disposal;
  }

  async #release(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await Promise.all(this.#threads.map((thread) => thread.close()));
    await this.#parts.session.release();
  }

  async #scoreInline(job: Job): Promise<void> {
    if (job.count === 0) return;
    const values = new Float32Array(job.count * this.featureNames.length);
    copyRowMajor(values, job.matrix, { rows: job.options.rows, start: 0, end: job.count });
    const { raw, probability } = await this.#parts.session.run(values, job.count);
    finishChunk(job, { start: 0, raw, probability });
  }

  async #scoreInThreads(job: Job): Promise<void> {
    const chunks = Math.ceil(job.count / this.#parts.chunkRows);
    const threads = this.#startThreads(Math.min(this.#parts.sessions, chunks));
    // Two lanes a thread: while it scores one chunk, the next is made ready.
    const lanes = [...threads, ...threads].slice(0, chunks).map((thread) => this.#runLane(thread, job));
    const results = await Promise.allSettled(lanes);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  #startThreads(count: number): readonly ScoreThread[] {
    const { bytes, metadata } = this.#parts;
    while (this.#threads.length < count) {
      this.#threads.push(new ScoreThread({ bytes, columns: metadata.featureNames.length }));
    }
    return this.#threads.slice(0, count);
  }

  /** Takes chunk after chunk of the job, all through one buffer. */
  async #runLane(thread: ScoreThread, job: Job): Promise<void> {
    const { chunkRows } = this.#parts;
    let buffer = new Float32Array(Math.min(chunkRows, job.count) * this.featureNames.length);
    while (job.next < job.count) {
      throwIfCancelled(job.options.signal, 'scoring');
      const start = job.next;
      const end = Math.min(start + chunkRows, job.count);
      job.next = end;
      copyRowMajor(buffer, job.matrix, { rows: job.options.rows, start, end });
      const { values, raw, probability } = await thread.score(buffer, end - start);
      buffer = values as Float32Array<ArrayBuffer>;
      finishChunk(job, { start, raw, probability });
    }
  }
}

function finishChunk(job: Job, chunk: { start: number; raw: Float32Array; probability: Float32Array }): void {
  job.scores.raw.set(chunk.raw, chunk.start);
  job.scores.probability.set(chunk.probability, chunk.start);
  job.rowsDone += chunk.raw.length;
  job.options.onProgress?.({ rowsDone: job.rowsDone, rows: job.count });
}
