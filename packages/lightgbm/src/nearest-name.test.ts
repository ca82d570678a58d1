import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearestName } from './nearest-name.ts';

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

describe('nearestName', () => {
  it('takes the first of the nearest', () => {
    expect(nearestName('cot', ['dog', 'cat', 'cut'])).toBe('cat');
  });
});
