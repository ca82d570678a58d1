import type { TrainRequest } from '@risk-scoring/contract';
import { openOnnxScorer } from '@risk-scoring/onnx';
import { makeFeatureMatrix } from '@risk-scoring/testkit';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

/** Labelled rows of several addresses, divided by address. */
export function makeProblem(rows = 600) {
  const { data, labels, weights } = makeFeatureMatrix(3, { rows });
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const part = (row: number) => data.splitGroups[row] % 5;
  const request: TrainRequest = {
    data,
    labels,
    weights,
    trainRows: all.filter((row) => part(row) > 1),
    validationRows: all.filter((row) => part(row) === 1),
    seed: 42,
  };
  return { request, data, labels, all, holdoutRows: all.filter((row) => part(row) === 0) };
}

/** A LightGBM trainer of few small trees. */
export function smallLightGBM(parameters: Readonly<Record<string, number>> = {}, maxRounds = 15) {
  return createLightGBMTrainer({
    maxRounds,
    threads: 1,
    parameters: { num_leaves: 7, learning_rate: 0.2, ...parameters },
  });
}

/** Probabilities by an ONNX file. */
export async function scoreByOnnx(bytes: Uint8Array, data: TrainRequest['data']): Promise<Float64Array> {
  const scorer = await openOnnxScorer(bytes, { sessions: 1 });
  return (await scorer.score(data).finally(() => scorer.dispose())).probability;
}
