// A LightGBM model with parameters of one's own, trained and judged by hand.
import type { FeatureMatrix } from '@risk-scoring/contract';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

export async function trainAndPredict(
  data: FeatureMatrix,
  labels: Int8Array,
  parts: { readonly train: Int32Array; readonly validation: Int32Array; readonly test: Int32Array },
): Promise<Float64Array> {
  const trainer = createLightGBMTrainer({
    parameters: { num_leaves: 63, learning_rate: 0.02 },
    maxRounds: 2000,
  });
  const model = await trainer.train({
    data,
    trainRows: parts.train,
    validationRows: parts.validation,
    labels,
    weights: new Float32Array(data.rows).fill(1),
    seed: 42,
    onProgress: ({ iteration, metric }) => console.error(iteration, metric?.value),
  });
  try {
    return await model.predict(data, { rows: parts.test });
  } finally {
    await model.dispose();
  }
}
