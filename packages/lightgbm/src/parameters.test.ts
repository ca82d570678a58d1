import { availableParallelism } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LightGBMParameterError } from './errors.ts';
import { checkParameters, mergeParameters, parameterText, refuseParameters } from './parameters.ts';

const refused = (found: RegExp) =>
  expect.objectContaining({ code: 'LIGHTGBM_PARAMETER', message: expect.stringMatching(found) });

describe('checkParameters', () => {
  it('writes values as LightGBM reads them, aliases by their canonical name, in one order', () => {
    const parameters = {
      eta: 0.05,
      metric: ['auc', 'binary_logloss'],
      deterministic: true,
      n_jobs: 3,
      verbose: -1,
    };
    expect(parameterText(checkParameters(parameters))).toBe(
      'deterministic=true learning_rate=0.05 metric=auc,binary_logloss num_threads=3 verbosity=-1',
    );
  });

  it('says little and takes all cores unless told otherwise', () => {
    expect(parameterText(checkParameters({}))).toBe(`num_threads=${availableParallelism()} verbosity=0`);
  });

  it.each([
    ['num_leavs', 'num_leaves'],
    ['learningrate', 'learning_rate'],
    ['feature_fractoin', 'feature_fraction'],
    ['max_bins_', 'max_bins'],
  ])('refuses %s and names %s', (name, nearest) => {
    expect(() => checkParameters({ [name]: 1 })).toThrow(refused(new RegExp(`'${nearest}'`)));
  });

  it('refuses one parameter under two names', () => {
    expect(() => checkParameters({ num_leaves: 31, max_leaves: 15 })).toThrow(refused(/num_leaves/));
  });

  it.each([
    ['white space', 'binary num_threads=64'],
    ['a line break', 'binary\nseed=3'],
    ['an equals sign', 'x=y'],
    ['quotation marks', '"binary"'],
    ['nothing', ''],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['an empty list', []],
    ['a smuggler in a list', ['auc', 'x y']],
    ['NaN in a list', [1, Number.NaN]],
  ])('refuses %s as a value', (_, value) => {
    expect(() => checkParameters({ objective: value })).toThrow(refused(/objective/));
  });

  it.each([[undefined], [null], [{ a: 1 }], [[[1]]]])('refuses %o from untyped callers', (value) => {
    const untyped = JSON.parse(JSON.stringify({ objective: value ?? null })) as Record<string, string>;
    expect(() => checkParameters(untyped)).toThrow(refused(/objective/));
  });

  it('never lets a value become a second parameter', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        let text: string;
        try {
          text = parameterText(checkParameters({ objective: value, num_threads: 1 }));
        } catch {
          return;
        }
        expect(text.split(/\s+/)).toEqual(['num_threads=1', `objective=${value}`, 'verbosity=0']);
        expect(text.split('=')).toHaveLength(4);
      }),
    );
  });
});

describe('refuseParameters', () => {
  it('points to the argument that decides', () => {
    const parameters = checkParameters({ n_estimators: 5 });
    expect(() => refuseParameters(parameters, { num_iterations: 'maxRounds' })).toThrow(refused(/maxRounds/));
    expect(() => refuseParameters(parameters, { early_stopping_round: 'other' })).not.toThrow();
  });
});

describe('mergeParameters', () => {
  it('lets a choice replace a default under any name, and gives canonical names', () => {
    expect(mergeParameters({ learning_rate: 0.05, num_threads: 2 }, { eta: 0.1, n_jobs: 1 })).toEqual({
      learning_rate: 0.1,
      num_threads: 1,
    });
  });

  it('drops a default that excludes a choice', () => {
    expect(mergeParameters({ force_col_wise: true }, { force_row_wise: true })).toEqual({
      force_row_wise: true,
    });
    expect(mergeParameters({ force_col_wise: true }, { force_row_wise: false })).toEqual({
      force_col_wise: true,
      force_row_wise: false,
    });
  });

  it('refuses a choice made twice, and names that nobody knows', () => {
    expect(() => mergeParameters({}, { eta: 0.1, learning_rate: 0.2 })).toThrow(LightGBMParameterError);
    expect(() => mergeParameters({}, { learning_rat: 0.1 })).toThrow(/learning_rate/);
  });
});
