// Trains a scorer, says what it is made of, and scores the rows that it never saw.
import type { TrainRequest } from '@risk-scoring/contract';
import { createXGBoostTrainer, describeXGBoost } from '@risk-scoring/trainer-xgboost';

export async function trainAndScore(request: TrainRequest, testRows: Int32Array): Promise<Float64Array> {
  const { path, version } = describeXGBoost();
  console.error(`XGBoost ${version} from ${path}`);
  const trainer = createXGBoostTrainer({
    maxRounds: 500,
    parameters: { max_depth: 5, learning_rate: 0.05, subsample: 0.8, colsample_bytree: 0.8 },
  });
  const model = await trainer.train({
    ...request,
    onProgress: ({ iteration, maxIterations, metric }) =>
      console.error(
        `${iteration} of ${maxIterations}, ${metric?.name ?? 'no metric'} ${metric?.value ?? ''}`,
      ),
  });
  const { featureNames, importances, bestIteration } = model.describe();
  const order = featureNames.toSorted(
    (a, b) => (importances[featureNames.indexOf(b)] ?? 0) - (importances[featureNames.indexOf(a)] ?? 0),
  );
  console.error(`${bestIteration} iterations; the most important features: ${order.slice(0, 5).join(', ')}`);
  return model.predict(request.data, { rows: testRows });
}
