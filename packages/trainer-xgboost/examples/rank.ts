// Orders the alerts of a snapshot: what an analyst should look at first.
import type { FeatureMatrix, TrainRequest } from '@risk-scoring/contract';
import { createXGBoostTrainer } from '@risk-scoring/trainer-xgboost';

export async function mostRelevant(
  request: TrainRequest,
  { snapshot, count }: { snapshot: FeatureMatrix; count: number },
): Promise<readonly string[]> {
  // Without `relevance` in the request the labels are what is ordered by.
  const trainer = createXGBoostTrainer({ modelType: 'alert_ranker', earlyStoppingMetric: 'ndcg@20' });
  const model = await trainer.train(request);
  const scores = await model.predict(snapshot);
  const rows = Int32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  return Array.from(rows.subarray(0, count), (row) => snapshot.keys.ids[row] ?? '');
}
