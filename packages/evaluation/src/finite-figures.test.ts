import { describe, expect, it } from 'vitest';
import { evaluateBinary } from './evaluate-binary.ts';
import { assertFiniteFigures, NonFiniteFigureError } from './finite-figures.ts';

describe('assertFiniteFigures', () => {
  it('hands on finite numbers, nulls and texts', () => {
    const figures = { auc: 0.5, none: null, name: 'NaN', list: [1, { deep: 2 }] };
    expect(assertFiniteFigures(figures, 'figures')).toBe(figures);
  });

  it.each([NaN, Infinity, -Infinity])('names the place of %s', (value) => {
    const figures = { list: [1, { deep: value }] };
    expect(() => assertFiniteFigures(figures, 'figures')).toThrow(NonFiniteFigureError);
    expect(() => assertFiniteFigures(figures, 'figures')).toThrow(/figures\.list\.1\.deep/);
  });

  it('keeps products of weights that overflow out of the metrics', () => {
    const weights = Float64Array.of(1e200, 1e200, 1e200);
    const rows = { labels: Int8Array.of(0, 1, 1), scores: Float64Array.of(0.1, 0.6, 0.9), weights };
    const request = { ...rows, splitGroups: Int32Array.of(0, 1, 2), seed: 1, resamples: 0 };
    expect(() => evaluateBinary(request)).toThrow(/metrics\.auc/);
  });
});
