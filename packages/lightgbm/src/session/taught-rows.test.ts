import { describe, expect, it } from 'vitest';
import { taughtRows } from './taught-rows.ts';

const rows = Int32Array.of(1, 2, 4);
const labels = Int8Array.of(9, 0, 1, 9, 0);
const weights = Float32Array.of(9, 0.75, 1, 9, 0);
const counterWeights = Float32Array.of(9, 0.25, 0, 9, 0.5);

describe('taughtRows', () => {
  it('has every row once without counter-weights, with and without weights', () => {
    const once = { rows, labels: Float32Array.of(0, 1, 0) };
    expect(taughtRows('rows', rows, { labels, weights: undefined, counterWeights: undefined })).toEqual({
      ...once,
      weights: undefined,
    });
    expect(taughtRows('rows', rows, { labels, weights, counterWeights: undefined })).toEqual({
      ...once,
      weights: Float32Array.of(0.75, 1, 0),
    });
  });

  it('has a row with a counter-weight twice, and one without weight as the opposite class alone', () => {
    expect(taughtRows('rows', rows, { labels, weights, counterWeights })).toEqual({
      rows: Int32Array.of(1, 1, 2, 4),
      labels: Float32Array.of(0, 1, 1, 1),
      weights: Float32Array.of(0.75, 0.25, 1, 0.5),
    });
    expect(taughtRows('rows', rows, { labels, weights: undefined, counterWeights }).weights).toEqual(
      Float32Array.of(1, 0.25, 1, 1, 0.5),
    );
  });

  it('keeps a row that has neither weight nor counter-weight', () => {
    const nothing = new Float32Array(5);
    const taught = taughtRows('rows', rows, { labels, weights: nothing, counterWeights: nothing });
    expect(taught).toEqual({ rows, labels: Float32Array.of(0, 1, 0), weights: Float32Array.of(0, 0, 0) });
  });

  it.each([
    { what: 'a negative counter-weight', change: { counterWeights: counterWeights.with(2, -1) }, row: '-1' },
    { what: 'NaN', change: { counterWeights: counterWeights.with(2, Number.NaN) }, row: 'NaN' },
    { what: 'a label without an opposite', change: { labels: labels.with(1, 2) }, row: '2' },
  ])('refuses $what', ({ change, row }) => {
    expect(() => taughtRows('rows', rows, { labels, weights, counterWeights, ...change })).toThrow(
      expect.objectContaining({ code: 'LIGHTGBM_DATA', found: expect.stringContaining(`${row} in row`) }),
    );
  });
});
