import { InvalidInputError } from '@risk-scoring/contract';
import { describe, expect, it } from 'vitest';
import { summariseFolds } from './summarise-folds.ts';

describe('summariseFolds', () => {
  it('gives mean and population deviation: of 2 4 4 4 5 5 7 9 they are 5 and 2', () => {
    const scores = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(summariseFolds(scores)).toEqual({ mean: 5, std: 2, scores });
  });

  it('leaves out folds that could not be judged, but lists them', () => {
    const { mean, std, scores } = summariseFolds([0.75, null, 0.25]);
    expect([mean, std]).toEqual([0.5, 0.25]);
    expect(scores).toEqual([0.75, null, 0.25]);
  });

  it('knows nothing of no fold', () => {
    expect(summariseFolds([null])).toEqual({ mean: null, std: null, scores: [null] });
    expect(summariseFolds([])).toEqual({ mean: null, std: null, scores: [] });
  });

  it('refuses NaN', () => {
    expect(() => summariseFolds([0.5, Number.NaN])).toThrow(InvalidInputError);
  });
});
