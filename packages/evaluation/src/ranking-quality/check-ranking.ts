import { InvalidInputError } from '@risk-scoring/contract';
import { InvalidScoredRowsError } from '../errors.ts';

/** Beyond this the sums of discounts would take more room than sense. */
export const GREATEST_K = 1_000_000;

/**
 * The cut-offs in ascending order, each once.
 *
 * @throws {InvalidInputError} when there is none, or one is no whole number from 1 to {@link GREATEST_K}
 */
export function checkKs(ks: readonly number[]): number[] {
  const isCutOff = (k: number) => Number.isInteger(k) && k >= 1 && k <= GREATEST_K;
  if (ks.length > 0 && ks.every(isCutOff)) return [...new Set(ks)].sort((a, b) => a - b);
  throw new InvalidInputError({
    what: 'The cut-off k',
    expected: `at least one whole number from 1 to ${GREATEST_K}`,
    found: ks.join(', ') || 'none',
  });
}

/**
 * Checks the relevance of rows beside their labels, where they have labels: a row labelled 1 must have some, or a query could
 * hold a positive row and yet nothing to gain.
 *
 * @throws {InvalidScoredRowsError} naming the first row at fault
 */
export function checkRelevance(relevance: ArrayLike<number>, labels?: Int8Array): void {
  for (let row = 0; row < relevance.length; row++) {
    const least = labels?.[row] === 1 ? 1 : 0;
    if (relevance[row] >= least) continue;
    throw new InvalidScoredRowsError({
      summary: `The relevance of row ${row} cannot be used.`,
      expected:
        least === 1 ? 'a whole number from 1 up, as the row is labelled 1' : 'a whole number from 0 up',
      found: String(relevance[row]),
    });
  }
}
