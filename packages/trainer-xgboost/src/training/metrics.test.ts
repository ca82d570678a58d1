import { describe, expect, it } from 'vitest';
import { isHigherBetter, isMetric } from './metrics.ts';

describe('the metrics of XGBoost', () => {
  it('grow as a model gets better, or fall', () => {
    expect(['auc', 'aucpr', 'map', 'pre@5', 'ndcg@10-'].every(isHigherBetter)).toBe(true);
    expect(['logloss', 'error', 'mae', 'rmse'].some(isHigherBetter)).toBe(false);
  });

  it('say something of one kind of model each', () => {
    expect(isMetric('scorer', 'error@0.7')).toBe(true);
    expect(isMetric('scorer', 'ndcg')).toBe(false);
    expect(isMetric('ranker', 'map@5-')).toBe(true);
    expect(isMetric('ranker', 'auc')).toBe(false);
  });
});
