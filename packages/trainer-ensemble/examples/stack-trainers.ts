// Gradient boosting and an isolation forest stacked: how much each has to say, and what they say of rows that neither has seen.
import type { TrainRequest } from '@risk-scoring/contract';
import { createAddressSplitter } from '@risk-scoring/evaluation';
import { createEnsembleTrainer } from '@risk-scoring/trainer-ensemble';
import { createIsolationForestTrainer } from '@risk-scoring/trainer-isolation-forest';
import { createLightGBMTrainer } from '@risk-scoring/trainers';

export async function stackTrainers(request: TrainRequest, testRows: Int32Array): Promise<Float64Array> {
  const trainer = createEnsembleTrainer({
    members: [
      { trainer: createLightGBMTrainer(), name: 'boosted' },
      { trainer: createIsolationForestTrainer({ trees: 200 }), name: 'unusual' },
    ],
    method: 'stacking',
    splitter: createAddressSplitter(),
  });
  const model = await trainer.train({
    ...request,
    onProgress: ({ iteration, maxIterations }) =>
      console.error(`${iteration} of ${maxIterations} iterations`),
  });
  try {
    const { intercept, coefficients } = model.describe().hyperparameters;
    console.error({ intercept, coefficients });
    return await model.predict(request.data, { rows: testRows });
  } finally {
    await model.dispose();
  }
}
