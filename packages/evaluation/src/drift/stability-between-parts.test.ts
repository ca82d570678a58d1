import { createRandom, InvalidInputError } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distributionOf } from './distribution.ts';
import { populationStability } from './population-stability.ts';
import { type CountedPart, FEWEST_ROWS_OF_PART, stabilityBetweenParts } from './stability-between-parts.ts';

const edges = [-1, 0, 0.5, 1];
const part = (values: readonly number[], effectiveRows = values.length): CountedPart => ({
  distribution: distributionOf(Float64Array.from(values), { edges }),
  rows: values.length,
  effectiveRows,
});

describe('stabilityBetweenParts', () => {
  it('is the index of each part against the rows of all others laid together', () => {
    const value = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constant(Number.NaN));
    const values = fc.array(value, { minLength: FEWEST_ROWS_OF_PART, maxLength: 90 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: 5 }), (parts) => {
        const found = stabilityBetweenParts(parts.map((each) => part(each)));
        expect(found).toHaveLength(parts.length);
        for (const [i, own] of parts.entries()) {
          const others = parts.flatMap((each, j) => (j === i ? [] : each));
          const reference = distributionOf(Float64Array.from(others), { edges });
          const current = distributionOf(Float64Array.from(own), { edges });
          const expected = populationStability(reference, current, {
            rows: Math.min(own.length, others.length),
          });
          expect(found[i]).toBeCloseTo(expected, 9);
        }
      }),
    );
  });

  it('tells the part that is unlike the others', () => {
    const random = createRandom(1, 'parts');
    const normal = (mean: number) => part(Array.from({ length: 500 }, () => random.normal() + mean));
    const [usual = 0, same = 0, other = 0] = stabilityBetweenParts([normal(0), normal(0), normal(1)]).map(
      (psi) => psi ?? Number.NaN,
    );
    expect(other).toBeGreaterThan(0.5);
    expect(Math.max(usual, same)).toBeLessThan(other / 2);
  });

  it('is null for parts of too few independent rows, and where there is nothing to compare with', () => {
    const many = Array.from({ length: 200 }, (_, i) => Math.sin(i));
    expect(stabilityBetweenParts([])).toEqual([]);
    expect(stabilityBetweenParts([part(many)])).toEqual([null]);
    expect(stabilityBetweenParts([part(many), part(many), part(many, 12), part([])])).toEqual([
      expect.any(Number),
      expect.any(Number),
      null,
      null,
    ]);
  });

  it('refuses parts that cannot be compared, or meant', () => {
    const many = Array.from({ length: 40 }, (_, i) => i);
    const other = { ...part(many), distribution: distributionOf(Float64Array.from(many), { edges: [1] }) };
    expect(() => stabilityBetweenParts([part(many), other])).toThrow(InvalidInputError);
    expect(() => stabilityBetweenParts([part(many, 41)])).toThrow(InvalidInputError);
    expect(() => stabilityBetweenParts([{ ...part(many), rows: Number.NaN }])).toThrow(InvalidInputError);
  });
});
