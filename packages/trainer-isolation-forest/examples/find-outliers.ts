// The most unusual alerts of a matrix, without a single label.
import type { FeatureMatrix } from '@risk-scoring/contract';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';

export async function mostUnusual(data: FeatureMatrix, count: number): Promise<readonly string[]> {
  const trainer = createIsolationForestTrainer({ trees: 200 });
  const rows = Int32Array.from({ length: data.rows }, (_, row) => row);
  const model = await trainer.train({
    data,
    trainRows: rows,
    validationRows: new Int32Array(),
    labels: new Int8Array(data.rows).fill(-1),
    weights: new Float32Array(data.rows),
    seed: 42,
    onProgress: ({ iteration, maxIterations }) => console.error(`${iteration} of ${maxIterations} trees`),
  });
  const scores = await model.predict(data);
  const order = rows.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  return Array.from(order.subarray(0, count), (row) => data.keys.ids[row] ?? '');
}
