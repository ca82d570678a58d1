import type { ModelTrainer } from '@risk-scoring/contract';
import { createLogisticTrainer, iterations, type TrainerHooks, type Weights } from './logistic-trainer.ts';

// A sound trainer that learns without labels: how far a row is from the middle, in all columns together.

const distanceHooks: Partial<TrainerHooks> = {
  async learn(request, scaling, hooks) {
    for (let iteration = 1; iteration <= iterations; iteration++)
      await hooks.betweenIterations(request, iteration);
    const model: Weights = {
      names: request.data.columns.map(({ name }) => name),
      means: Array.from(scaling.means),
      deviations: Array.from(scaling.deviations),
      weights: [...Array.from(scaling.deviations, (deviation) => (deviation > 0 ? 0.1 : 0)), 0],
    };
    return model;
  },
  term: (weight, value) => weight * Math.abs(value),
};

/** Makes the trainer, sound but for the hooks given. */
export function createDistanceTrainer(broken: Partial<TrainerHooks> = {}): ModelTrainer {
  const { takesCounterWeights: _, ...trainer } = createLogisticTrainer({ ...distanceHooks, ...broken });
  return { ...trainer, name: 'distance', unsupervised: true };
}
