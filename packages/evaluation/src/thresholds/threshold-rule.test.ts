import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { parseThresholdRule } from './threshold-rule.ts';

describe('parseThresholdRule', () => {
  it.each([
    ['f1', { by: 'f1' }],
    ['precision:0.9', { by: 'precision', atLeast: 0.9 }],
    ['precision:1', { by: 'precision', atLeast: 1 }],
    ['recall:.8', { by: 'recall', atLeast: 0.8 }],
    [' budget:50 ', { by: 'budget', alertsPerDay: 50 }],
    ['budget:0.5', { by: 'budget', alertsPerDay: 0.5 }],
  ])('reads %j', (text, rule) => {
    expect(parseThresholdRule(text)).toEqual(rule);
  });

  it.each([
    '',
    'f1:0.5',
    'precision',
    'precision:',
    'precision:0',
    'precision:1.01',
    'precision:90%',
    'recall:-0.1',
    'recall:NaN',
    'budget:0',
    'budget:1e400',
    'budget:Infinity',
    'accuracy:0.9',
    'F1',
  ])('refuses %j, and says what can be meant', (text) => {
    expect(() => parseThresholdRule(text)).toThrow(InvalidInputError);
    expect(() => parseThresholdRule(text)).toThrow(/'precision:0\.9'.*'budget:50'/);
  });
});
