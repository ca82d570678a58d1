import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { AVAILABLE, labelStrategyByName, parseModelType, splitterByName, trainerByName } from './registry.ts';

describe('the registry', () => {
  it('makes everything that it says is available', () => {
    for (const name of AVAILABLE.labelStrategies) expect(labelStrategyByName(name).name).toBe(name);
    for (const name of AVAILABLE.splitters) expect(splitterByName(name).name).toBe(name);
    for (const name of AVAILABLE.trainers) expect(trainerByName(name, 'alert_scorer').name).toBe(name);
  });

  it('names what exists when asked for something else', () => {
    expect(() => labelStrategyByName('proxy')).toThrow(/label strategy.*one of address.*'proxy'/);
    expect(() => splitterByName('constructor')).toThrow(InvalidInputError);
    expect(() => trainerByName('xgboost', 'alert_scorer')).toThrow(/one of lightgbm/);
    expect(() => trainerByName('lightgbm', 'alert_ranker')).toThrow(/trainer 'lightgbm'.*alert_scorer/);
    expect(() => parseModelType('scorer')).toThrow(/alert_scorer, alert_ranker, cluster_scorer/);
  });
});
