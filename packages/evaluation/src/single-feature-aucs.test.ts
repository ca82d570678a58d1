import { type FeatureMatrix, SingleClassError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidScoredRowsError } from './errors.ts';
import { rocAuc } from './ranking-metrics.ts';
import { singleFeatureAucs } from './single-feature-aucs.ts';

function matrixOf(columns: readonly (readonly number[])[]): FeatureMatrix {
  const rows = columns[0]?.length ?? 0;
  return {
    values: Float32Array.from(columns.flat()),
    rows,
    columns: columns.map((_, i) => ({
      name: `column_${i}`,
      group: 'test',
      kind: 'numeric',
      meaning: 'a test column',
      missing: 'unknown',
    })),
    keys: { processingDates: new Int32Array(rows), ids: Array.from({ length: rows }, (_, row) => `${row}`) },
    splitGroups: Int32Array.from({ length: rows }, (_, row) => row),
    splitGroupNames: Array.from({ length: rows }, (_, row) => `address-${row}`),
    queryIds: new Int32Array(rows),
    schemaHash: 'test',
  };
}

const allRows = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row);

/** The same figure through rocAuc, with a number in NaN's place. */
function byRocAuc(column: readonly number[], labels: Int8Array): number {
  const aucWith = (nan: number) =>
    rocAuc(
      labels,
      Float64Array.from(column, (value) => (Number.isNaN(value) ? nan : value)),
    );
  return 0.5 + Math.max(Math.abs(aucWith(-1e9) - 0.5), Math.abs(aucWith(1e9) - 0.5));
}

describe('singleFeatureAucs', () => {
  it('agrees with rocAuc with NaN below, or above, all numbers', () => {
    const value = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -4, max: 4 }));
    const rows = fc
      .array(fc.record({ a: value, b: value, label: fc.constantFrom(0, 1) }), { minLength: 2, maxLength: 50 })
      .filter((list) => new Set(list.map((row) => row.label)).size === 2);
    fc.assert(
      fc.property(rows, (list) => {
        const labels = Int8Array.from(list, (row) => row.label);
        const columns = [list.map((row) => row.a), list.map((row) => row.b)];
        const aucs = singleFeatureAucs(matrixOf(columns), labels, allRows(list.length));
        columns.forEach((column, i) => {
          expect(aucs[i]).toBeCloseTo(byRocAuc(column, labels), 12);
        });
      }),
    );
  });

  it('shows perfect columns, whichever way they point, and one that is unknown for one class', () => {
    const matrix = matrixOf([
      [1, 2, 3, 4],
      [4, 3, 2, 1],
      [Number.NaN, Number.NaN, 7, 7],
      [7, 7, 7, 7],
    ]);
    const aucs = singleFeatureAucs(matrix, Int8Array.of(0, 0, 1, 1), allRows(4));
    expect(Array.from(aucs)).toEqual([1, 1, 1, 0.5]);
  });

  it('looks at the given rows only', () => {
    const matrix = matrixOf([[1, 9, 2, 3, 0]]);
    const labels = Int8Array.of(0, -1, 1, 1, 1);
    expect(singleFeatureAucs(matrix, labels, Int32Array.of(0, 2, 3))[0]).toBe(1);
  });

  it('refuses one class, unlabelled rows and rows that are not there', () => {
    const matrix = matrixOf([[1, 2, 3]]);
    const labels = Int8Array.of(1, 1, -1);
    expect(() => singleFeatureAucs(matrix, labels, Int32Array.of(0, 1))).toThrow(SingleClassError);
    expect(() => singleFeatureAucs(matrix, labels, Int32Array.of(0, 2))).toThrow(InvalidScoredRowsError);
    expect(() => singleFeatureAucs(matrix, labels, Int32Array.of(0, 3))).toThrow(InvalidScoredRowsError);
    expect(() => singleFeatureAucs(matrix, Int8Array.of(1, 0), Int32Array.of(0, 1))).toThrow(/not aligned/);
  });
});
