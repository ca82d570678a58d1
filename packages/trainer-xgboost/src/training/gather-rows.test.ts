import { InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherRows } from './gather-rows.ts';

describe('gatherRows', () => {
  it('gives rows row by row, in the order asked for, any number of times', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 4 }), (rows, columns) => {
        const values = Float32Array.from({ length: rows * columns }, (_, i) => i);
        const selected = Int32Array.from({ length: rows + 3 }, (_, i) => (i * 7) % rows);
        const gathered = gatherRows({ values, rows, columns }, selected);
        return gathered.every(
          (value, i) => value === (i % columns) * rows + (selected[Math.floor(i / columns)] ?? -1),
        );
      }),
    );
  });

  it('keeps unknown values and refuses infinite and very large ones', () => {
    const one = (value: number) =>
      gatherRows({ values: Float32Array.of(value), rows: 1, columns: 1 }, Int32Array.of(0));
    expect(one(Number.NaN)).toEqual(Float32Array.of(Number.NaN));
    for (const value of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3e38])
      expect(() => one(value)).toThrow(InvalidInputError);
  });
});
