import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import { LABEL_STRATEGIES } from '@risk-scoring/labels';
import { describe, expect, it } from 'vitest';
import { loadLabelStrategy } from './label-strategies/index.ts';
import { AVAILABLE, labelStrategyByName, parseModelType, splitterByName, trainerByName } from './registry.ts';

describe('the registry', () => {
  it('makes everything that it says is available', () => {
    expect(labelStrategyByName('address').name).toBe('address');
    for (const name of AVAILABLE.splitters) expect(splitterByName(name).name).toBe(name);
    for (const name of AVAILABLE.trainers) {
      expect(trainerByName(name, 'alert_scorer')).toMatchObject({ name });
      expect(trainerByName(name, 'cluster_scorer')).toMatchObject({ name });
    }
  });

  it.each(AVAILABLE.labelStrategies)(
    'makes the strategy %s, or says which settings it needs',
    async (name) => {
      const isWhole = LABEL_STRATEGIES.find((each) => each.name === name)?.settings.safeParse({}).success;
      const made = await loadLabelStrategy(name, {}, { folder: process.cwd() }).catch(
        (error: unknown) => error,
      );
      if (isWhole) expect(made).toHaveProperty('name', name);
      else expect(RiskScoringError.isInstance(made) && made.found).toContain('must');
    },
  );

  it('names what exists when asked for something else', () => {
    expect(() => labelStrategyByName('magic')).toThrow(/label strategy.*one of address.*'magic'/);
    expect(() => splitterByName('constructor')).toThrow(InvalidInputError);
    expect(() => trainerByName('catboost', 'alert_scorer')).toThrow(/one of lightgbm, xgboost, neural-net/);
    for (const name of ['isolation-forest', 'neural-net'])
      expect(() => trainerByName(name, 'alert_ranker')).toThrow(/model type.*alert_scorer/);
    expect(() => parseModelType('scorer')).toThrow(/alert_scorer, alert_ranker, cluster_scorer/);
  });

  it.each(['lightgbm', 'xgboost', 'ensemble'])('makes a ranker of %s', (name) => {
    expect(trainerByName(name, 'alert_ranker').modelTypes).toEqual(['alert_ranker']);
  });

  it('makes an ensemble of members with settings of their own, and tells where one is wrong', () => {
    const member = { trainer: 'lightgbm', settings: { num_leaves: 7 }, weight: 2 };
    const made = trainerByName('ensemble', 'alert_scorer', {
      settings: { method: 'stacking', members: [{ trainer: 'lightgbm' }, { ...member, weight: undefined }] },
    });
    expect(made.hyperparameters).toMatchObject({ method: 'stacking' });
    const settings = { members: [member, { trainer: 'isolation-forest', settings: { trees: 0 } }] };
    expect(() => trainerByName('ensemble', 'alert_scorer', { settings })).toThrow(
      /trees.*whole number from 1/,
    );
    const unknown = { members: [{ trainer: 'ensemble' }] };
    expect(() => trainerByName('ensemble', 'alert_scorer', { settings: unknown })).toThrow(/one of lightgbm/);
  });

  it('does not make at once what is built on others', () => {
    expect(() => labelStrategyByName('combined')).toThrow(/loadLabelStrategy\('combined'/);
  });
});
