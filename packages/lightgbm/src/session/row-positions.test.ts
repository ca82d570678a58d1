import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowPositions, runLengths } from './row-positions.ts';

const ascending = (max: number) =>
  fc
    .uniqueArray(fc.nat({ max }), { minLength: 1 })
    .map((rows) => Int32Array.from(rows.sort((a, b) => a - b)));

describe('rowPositions', () => {
  it('is where each row is found in the selection', () => {
    const picks = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(ascending(199), picks, (selection, picked) => {
        const wanted = selection.filter((_, i) => picked[i] || i === 0);
        const positions = rowPositions('rows', wanted, { selection, rows: 200 });
        expect(Array.from(positions)).toEqual(Array.from(wanted, (row) => selection.indexOf(row)));
      }),
    );
  });

  it('is the rows themselves where all are selected', () => {
    const wanted = Int32Array.of(3, 7);
    expect(rowPositions('rows', wanted, { selection: undefined, rows: 8 })).toEqual(wanted);
  });

  it('refuses a row outside of the selection', () => {
    fc.assert(
      fc.property(ascending(49), fc.nat({ max: 49 }), (selection, row) => {
        fc.pre(!selection.includes(row));
        expect(() => rowPositions('rows', Int32Array.of(row), { selection, rows: 50 })).toThrow(
          expect.objectContaining({ code: 'LIGHTGBM_DATA', found: `row ${row}` }),
        );
      }),
    );
  });
});

describe('runLengths', () => {
  it('gives back the sizes that the runs were made with', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, (made) => {
        const queryIds = Int32Array.from(made.flatMap((size, query) => new Array(size).fill(1000 - query)));
        expect(Array.from(runLengths('rows', queryIds))).toEqual(made);
      }),
    );
  });

  it('refuses a query that comes up again', () => {
    expect(() => runLengths('rows', Int32Array.of(1, 1, 2, 1))).toThrow(
      expect.objectContaining({ code: 'LIGHTGBM_DATA', found: 'query 1 in two places' }),
    );
  });
});
