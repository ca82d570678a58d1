import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inDatasetOrder } from './row-positions.ts';

const shuffled = fc.shuffledSubarray(
  Array.from({ length: 60 }, (_, row) => row),
  { minLength: 1 },
);

describe('inDatasetOrder', () => {
  it('gives the wanted rows as the selection has them', () => {
    fc.assert(
      fc.property(shuffled, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (selection, picked) => {
        const inOrder = selection.filter((row, i) => picked[row] || i === 0);
        const wanted = Int32Array.from(inOrder).sort();
        const rows = { selection: Int32Array.from(selection), rows: 60 };
        expect(Array.from(inDatasetOrder('rows', wanted, rows))).toEqual(inOrder);
      }),
    );
  });

  it('leaves them as they are where the dataset has all rows', () => {
    const wanted = Int32Array.of(3, 7);
    expect(inDatasetOrder('rows', wanted, { selection: undefined, rows: 8 })).toBe(wanted);
  });

  it.each([
    { what: 'a row outside of the selection', wanted: [2, 5], found: 'row 2' },
    { what: 'rows that are not ascending', wanted: [5, 4], found: '4 after 5 at position 1' },
    { what: 'a row that is nowhere', wanted: [9], found: '9 at position 0' },
  ])('refuses $what', ({ wanted, found }) => {
    const rows = { selection: Int32Array.of(5, 4, 0), rows: 8 };
    expect(() => inDatasetOrder('rows', Int32Array.from(wanted), rows)).toThrow(
      expect.objectContaining({ code: 'LIGHTGBM_DATA', found }),
    );
  });
});
