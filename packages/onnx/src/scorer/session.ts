import type { InferenceSession } from 'onnxruntime-node';
import { OnnxModelError } from '../errors.ts';

/** Names that every model scored here has. */
const inputName = 'features';
const outputNames = ['raw_score', 'probability'] as const;

/** Scores of the rows that a session was given, float32 as the model puts them out. */
export interface RowScores {
  readonly raw: Float32Array;
  readonly probability: Float32Array;
}

/** A model loaded into onnxruntime in this thread. */
export interface ScoringSession {
  /** Scores `rows` rows of `values`, row-major. Computes in this thread, and blocks it. */
  run(values: Float32Array, rows: number): Promise<RowScores>;
  release(): Promise<void>;
}

/**
 * Loads a model with one thread of its own: with more, onnxruntime adds the trees of a single row up in another
 * order than those of a batch, and the scores differ in their last bits.
 *
 * @param columns of the matrix it will score
 * @throws {OnnxModelError} where onnxruntime cannot load it, or its inputs or outputs are others
 */
export async function createSession(bytes: Uint8Array, columns: number): Promise<ScoringSession> {
  // Loaded when it is needed: where it cannot be loaded, what does not score still works.
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await load(InferenceSession, bytes);
  assertSignature(session, columns);
  return {
    async run(values, rows) {
      const features = new Tensor('float32', values.subarray(0, rows * columns), [rows, columns]);
      const outputs = await session.run({ [inputName]: features });
      return { raw: floats(outputs, 'raw_score'), probability: floats(outputs, 'probability') };
    },
    release: () => session.release(),
  };
}

async function load(factory: typeof InferenceSession, bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await factory.create(bytes, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 4,
    });
  } catch (cause) {
    throw new OnnxModelError({
      expected: 'a model that onnxruntime can load',
      found: messageOf(cause),
      cause,
    });
  }
}

function assertSignature(session: InferenceSession, columns: number): void {
  const [input] = session.inputMetadata;
  const width = input?.isTensor ? input.shape[1] : undefined;
  const isMatrix = input?.isTensor === true && input.type === 'float32' && input.shape.length === 2;
  if (session.inputNames.join() !== inputName || !isMatrix || width !== columns) {
    throw new OnnxModelError({
      expected: `one input '${inputName}', float32 [N, ${columns}], as many columns as feature names`,
      found: session.inputMetadata.map(describeValue).join(', '),
    });
  }
  for (const name of outputNames) {
    const output = session.outputMetadata.find((metadata) => metadata.name === name);
    if (!output?.isTensor || output.type !== 'float32' || output.shape[1] !== 1) {
      throw new OnnxModelError({
        expected: `an output '${name}', float32 [N, 1]`,
        found: session.outputMetadata.map(describeValue).join(', '),
      });
    }
  }
}

function describeValue(value: InferenceSession.ValueMetadata): string {
  return value.isTensor
    ? `'${value.name}', ${value.type} [${value.shape.join(', ')}]`
    : `'${value.name}', no tensor`;
}

function floats(
  outputs: InferenceSession.OnnxValueMapType,
  name: (typeof outputNames)[number],
): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) {
    throw new OnnxModelError({ expected: `float32 numbers from '${name}'`, found: 'something else' });
  }
  return data;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
