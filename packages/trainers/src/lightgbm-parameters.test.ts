import { describe, expect, it } from 'vitest';
import { settleOptions } from './lightgbm-parameters.ts';

describe('settleOptions', () => {
  it('takes objectives of the kind of model alone', () => {
    expect(settleOptions({ parameters: { objective: 'cross_entropy' } }).ranks).toBe(false);
    expect(() => settleOptions({ parameters: { objective: 'regression' } })).toThrow(
      /scores are probabilities.*leave the objective out for binary/,
    );
    expect(() => settleOptions({ parameters: { objective: 'lambdarank' } })).toThrow(
      /modelType 'alert_ranker'/,
    );
    const ranker = { modelType: 'alert_ranker', parameters: { objective: 'binary' } } as const;
    expect(() => settleOptions(ranker)).toThrow(/lambdarank or rank_xendcg/);
  });

  it('leaves bagging out where goss samples rows, unless it is asked for', () => {
    expect(settleOptions({ parameters: { boosting: 'goss' } }).parameters).not.toHaveProperty('bagging_freq');
    expect(settleOptions({}).parameters).toMatchObject({ bagging_freq: 5, bagging_fraction: 0.8 });
    const asked = settleOptions({ parameters: { boosting: 'goss', subsample_freq: 2 } }).parameters;
    expect(asked).toMatchObject({ bagging_freq: 2 });
  });
});
