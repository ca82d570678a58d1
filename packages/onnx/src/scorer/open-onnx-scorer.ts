import { availableParallelism } from 'node:os';
import { InvalidInputError } from '@risk-scoring/contract';
import { readOnnxMetadata } from '../model-metadata.ts';
import type { OnnxScorer } from './onnx-scorer.ts';
import { createSession } from './session.ts';
import { ThreadedScorer } from './threaded-scorer.ts';

/** How a scorer uses the machine. */
export interface OnnxScorerOptions {
  /** Rows that are scored in one go; bounds the memory, together with `sessions`. Default 4096. */
  readonly chunkRows?: number;
  /** The most threads, each with a session of its own. Default: what the machine has. */
  readonly sessions?: number;
  /** Name of the model for messages. */
  readonly modelId?: string;
}

/**
 * Loads an ONNX model for scoring. The model has the input `features` (float32 `[N, F]`), the
 * outputs `raw_score` and `probability` (float32 `[N, 1]`), and its feature names in metadata_props, as
 * `convertLightGBMToOnnx` writes them.
 *
 * Large requests are cut into chunks and scored by worker threads, which start with the first such
 * request and stay: sessions are kept, because creating and releasing many of them leaks memory. A request of a few
 * rows is scored at once in the calling thread. Keep the scorer as long as the model is in use.
 *
 * @throws {OnnxModelError} where the bytes are no such model
 * @throws {InvalidInputError} where an option is no positive integer
 * @example
 * const scorer = await openOnnxScorer(await readFile('model.onnx'));
 * const { probability } = await scorer.score(matrix);
 * await scorer.dispose();
 */
export async function openOnnxScorer(
  bytes: Uint8Array,
  options: OnnxScorerOptions = {},
): Promise<OnnxScorer> {
  const { chunkRows = 4096, sessions = availableParallelism(), modelId = 'this ONNX model' } = options;
  assertPositiveInteger('chunkRows', chunkRows);
  assertPositiveInteger('sessions', sessions);
  const metadata = readOnnxMetadata(bytes);
  // The worker threads start later: by then the caller may have changed the buffer.
  const kept = bytes.slice();
  const session = await createSession(kept, metadata.featureNames.length);
  return new ThreadedScorer({ bytes: kept, metadata, session, chunkRows, sessions, modelId });
}

function assertPositiveInteger(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidInputError({ what: `The option ${name}`, expected: 'a positive integer', found: value });
  }
}
