import { describe, expect, it } from 'vitest';
import { createEarlyStopping, isHigherBetter, isMetric } from './early-stopping.ts';

describe('createEarlyStopping', () => {
  it('keeps the earliest of the best values and stops so many iterations after it', () => {
    const losses = [0.6, 0.5, 0.5, 0.55, 0.4, 0.41, 0.4, 0.42];
    const stopping = createEarlyStopping({ metric: 'logloss', rounds: 3 });
    expect(losses.map((loss) => stopping.update(loss))).toEqual(losses.map((_, i) => i === 7));
    expect(stopping.bestIteration).toBe(5);
  });

  it('takes more for better where it is', () => {
    const stopping = createEarlyStopping({ metric: 'ndcg@10', rounds: 2 });
    for (const value of [0.1, 0.3, 0.2]) stopping.update(value);
    expect(stopping.bestIteration).toBe(2);
    expect(['auc', 'aucpr', 'map', 'pre@5', 'ndcg@10-'].every(isHigherBetter)).toBe(true);
    expect(['logloss', 'error', 'mae', 'rmse'].some(isHigherBetter)).toBe(false);
  });

  it('knows which metric says something of which kind of model', () => {
    expect(isMetric('scorer', 'error@0.7')).toBe(true);
    expect(isMetric('scorer', 'ndcg')).toBe(false);
    expect(isMetric('ranker', 'map@5-')).toBe(true);
    expect(isMetric('ranker', 'auc')).toBe(false);
  });
});
