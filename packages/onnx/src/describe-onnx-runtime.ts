import { ensembleNodes } from './convert/ensemble-nodes.ts';
import { encodeGraph, encodeMatrixInfo, encodeModel, FLOAT } from './convert/onnx-messages.ts';
import { OnnxModelError } from './errors.ts';
import { createSession } from './scorer/session.ts';

/** The onnxruntime that scores. */
export interface OnnxRuntimeDescription {
  readonly version: string;
  /** Where it can compute: `cpu` is the one used here. */
  readonly backends: readonly string[];
}

/**
 * Says which onnxruntime is used, after it has loaded and scored two rows with a model of one tree. Takes some milliseconds.
 *
 * @throws {OnnxModelError} where it cannot load the model, or scores wrongly
 * @example
 * await describeOnnxRuntime(); // { version: '1.30.0', backends: ['cpu', …] }
 */
export async function describeOnnxRuntime(): Promise<OnnxRuntimeDescription> {
  const { env, listSupportedBackends } = await import('onnxruntime-node');
  const scores = await scoreTwoRows();
  if (scores.join() !== '-1,1') {
    throw new OnnxModelError({
      expected: 'the scores -1 and 1 from a model of one tree',
      found: scores.join(' and '),
    });
  }
  return {
    version: env.versions.node ?? env.versions.common,
    backends: listSupportedBackends().map((backend) => backend.name),
  };
}

async function scoreTwoRows(): Promise<readonly number[]> {
  const session = await createSession(oneTree(), 1);
  try {
    const { raw } = await session.run(Float32Array.of(0, 1), 2);
    return [...raw];
  } finally {
    await session.release();
  }
}

/** A model that scores -1 where its one feature is at most 0.5, and 1 above. */
function oneTree(): Uint8Array {
  const { nodes, initializers } = ensembleNodes(
    {
      treeIds: Int32Array.of(0, 0, 0),
      nodeIds: Int32Array.of(0, 1, 2),
      isBranch: Uint8Array.of(1, 0, 0),
      featureIds: Int32Array.of(0, 0, 0),
      values: Float32Array.of(0.5, 0, 0),
      trueNodeIds: Int32Array.of(1, 0, 0),
      falseNodeIds: Int32Array.of(2, 0, 0),
      missingTracksTrue: Uint8Array.of(0, 0, 0),
      leafTreeIds: Int32Array.of(0, 0),
      leafNodeIds: Int32Array.of(1, 2),
      leafWeights: Float64Array.of(-1, 1),
    },
    { link: 'logistic', factor: 1 },
  );
  const graph = encodeGraph({
    name: 'one tree',
    nodes,
    initializers,
    inputs: [encodeMatrixInfo('features', FLOAT, 1)],
    outputs: [encodeMatrixInfo('raw_score', FLOAT, 1), encodeMatrixInfo('probability', FLOAT, 1)],
  });
  return encodeModel({
    irVersion: 8,
    producer: { name: 'risk-scoring', version: '1' },
    opsets: [
      { domain: '', version: 15 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    graph,
    metadata: {},
  });
}
