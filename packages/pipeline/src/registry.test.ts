import { InvalidInputError, RiskScoringError } from '@risk-scoring/contract';
import { LABEL_STRATEGIES } from '@risk-scoring/labels';
import { describe, expect, it } from 'vitest';
import { loadLabelStrategy } from './label-strategies/index.ts';
import { AVAILABLE, labelStrategyByName, parseModelType, splitterByName, trainerByName } from './registry.ts';

describe('the registry', () => {
  it('makes everything that it says is available', () => {
    expect(labelStrategyByName('address').name).toBe('address');
    for (const name of AVAILABLE.splitters) expect(splitterByName(name).name).toBe(name);
    for (const name of AVAILABLE.trainers) expect(trainerByName(name, 'alert_scorer').name).toBe(name);
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
    expect(() => trainerByName('xgboost', 'alert_scorer')).toThrow(/one of lightgbm, isolation-forest/);
    expect(() => trainerByName('lightgbm', 'alert_ranker')).toThrow(/trainer 'lightgbm'.*alert_scorer/);
    expect(() => parseModelType('scorer')).toThrow(/alert_scorer, alert_ranker, cluster_scorer/);
  });

  it('does not make at once what is built on others', () => {
    expect(() => labelStrategyByName('combined')).toThrow(/loadLabelStrategy\('combined'/);
  });
});
