import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestNames } from './nearest-names.ts';

/** The definition, without remembering anything. */
function distanceByDefinition(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return distanceByDefinition(restA, restB);
  return (
    1 +
    Math.min(
      distanceByDefinition(restA, b),
      distanceByDefinition(a, restB),
      distanceByDefinition(restA, restB),
    )
  );
}

describe('editDistance', () => {
  it('is what the definition gives', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(distanceByDefinition(a, b));
      }),
    );
  });
});

describe('nearestNames', () => {
  it('gives the near ones, nearest first, and no more than asked for', () => {
    const known = ['degree_in', 'degree_out', 'degree_total', 'pagerank'];
    expect(nearestNames('degre_out', known)).toEqual(['degree_out']);
    expect(nearestNames('degree', known)).toEqual(['degree_in', 'degree_out', 'degree_total']);
    expect(nearestNames('degree', known, 1)).toEqual(['degree_in']);
    expect(nearestNames('volume', known)).toEqual([]);
  });
});
