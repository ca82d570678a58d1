import { InvalidInputError } from '@risk-scoring/contract';
import { UnconvertibleParametersError } from '@risk-scoring/onnx';
import { describe, expect, it } from 'vitest';
import { XGBoostParameterError } from '../errors.ts';
import { configuredParameters, missingLibrary } from '../testing/native-booster.ts';
import { createXGBoostTrainer } from '../xgboost-trainer.ts';
import { PARAMETERS } from './known-parameters.ts';

describe('the options of a trainer', () => {
  it('have the defaults of their kind', () => {
    const scorer = createXGBoostTrainer({ threads: 3 });
    expect(scorer.modelTypes).toEqual(['alert_scorer', 'cluster_scorer']);
    expect(scorer.takesCounterWeights).toBe(true);
    expect(scorer.hyperparameters).toEqual({
      objective: 'binary:logistic',
      max_depth: 6,
      learning_rate: 0.1,
      tree_method: 'hist',
      nthread: 3,
      max_rounds: 100,
      early_stopping_rounds: 10,
      early_stopping_metric: 'logloss',
    });
    const ranker = createXGBoostTrainer({ modelType: 'alert_ranker', maxRounds: 1000 });
    expect(ranker.modelTypes).toEqual(['alert_ranker']);
    expect(ranker.takesCounterWeights).toBe(false);
    expect(ranker.hyperparameters).toMatchObject({
      objective: 'rank:pairwise',
      early_stopping_rounds: 100,
      early_stopping_metric: 'ndcg@10',
    });
  });

  it('take the parameters of XGBoost by any of their names in place of the defaults', () => {
    const { hyperparameters } = createXGBoostTrainer({ parameters: { eta: 0.3, lambda: 2, max_depth: 3 } });
    expect(hyperparameters).toMatchObject({ learning_rate: 0.3, reg_lambda: 2, max_depth: 3 });
    expect(hyperparameters).not.toHaveProperty('eta');
  });

  it.each([
    [{ max_dept: 3 }, /nearest: 'max_depth'/],
    [{ frobnicate: 1 }, /an unknown name/],
    [{ eta: 0.1, learning_rate: 0.1 }, /two of them/],
    [{ nthread: 2 }, /option `threads`/],
    [{ random_state: 2 }, /the training's `seed`/],
    [{ eval_metric: 'auc' }, /earlyStoppingMetric/],
    [{ rate_drop: 0.1 }, /dart/],
    [{ max_depth: Number.NaN }, /NaN/],
    [{ monotone_constraints: [1, 0] as unknown as string }, /'\(1,0,-1\)'/],
  ])('refuse the parameters %j', (parameters, message) => {
    expect(() => createXGBoostTrainer({ parameters })).toThrow(XGBoostParameterError);
    expect(() => createXGBoostTrainer({ parameters })).toThrow(message);
  });

  it.each([
    [{ booster: 'gblinear' }, /booster/],
    [{ booster: 'dart' }, /booster/],
    [{ objective: 'multi:softprob', num_class: 3 }, /'objective', 'num_class'/],
    [{ objective: 'binary:hinge' }, /binary:logistic or reg:logistic/],
    [{ objective: 'rank:pairwise' }, /scorer/],
    [{ process_type: 'update' }, /process_type/],
  ])('refuse %j, whose model would have no ONNX twin', (parameters, message) => {
    expect(() => createXGBoostTrainer({ parameters })).toThrow(UnconvertibleParametersError);
    expect(() => createXGBoostTrainer({ parameters })).toThrow(message);
  });

  it.each([
    [{ maxRounds: 0 }],
    [{ maxRounds: 1.5 }],
    [{ earlyStoppingRounds: -1 }],
    [{ threads: 0 }],
    [{ earlyStoppingMetric: 'ndcg@10' }],
    [{ earlyStoppingMetric: 'loglos' }],
    [{ modelType: 'alert_ranker' as const, earlyStoppingMetric: 'logloss' }],
    [{ modelType: 'alert_rankers' as 'alert_ranker' }],
  ])('refuse %j', (options) => {
    expect(() => createXGBoostTrainer(options)).toThrow(InvalidInputError);
  });

  it('know the parameters that the library itself says it has', (context) => {
    context.skip(missingLibrary !== undefined, missingLibrary ?? '');
    const configured = new Set([
      ...configuredParameters({ objective: 'binary:logistic', tree_method: 'hist' }),
      ...configuredParameters({ objective: 'rank:pairwise', tree_method: 'hist' }),
    ]);
    const unknown = [...PARAMETERS.keys()].filter((name) => !configured.has(name));
    expect(unknown).toEqual([]);
    for (const alias of [...PARAMETERS.values()].flat()) expect(configured).toContain(alias);
  });
});
