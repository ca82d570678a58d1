import { InvalidInputError } from '@risk-scoring/contract';
import type { Interval } from '../intervals.ts';
import { twoSidedNormal } from './two-sided-normal.ts';

/**
 * The interval of a share by the score method, without continuity correction (Wilson, Probable inference, the law of succession, and statistical
 * inference, JASA 22, 1927): the shares p that k of n lie within z standard errors √(p(1 − p)/n) of. It stays within 0..1 and means something for 0 of n.
 *
 * Rows count as independent. Where an address has several, the truth is wider: it is for a look at one bin, not for a claim.
 *
 * @param positives 0 … rows
 * @param rows at least 1
 * @param level the coverage; 0.95 when absent
 * @throws {InvalidInputError} on counts or a level that cannot be meant
 * @example
 * wilsonInterval(81, 263); // [0.2553…, 0.3662…]
 */
export function wilsonInterval(positives: number, rows: number, level = 0.95): Interval {
  checkCounts(positives, rows);
  const z = twoSidedNormal(level);
  const centre = positives + (z * z) / 2;
  const half = z * Math.sqrt((positives * (rows - positives)) / rows + (z * z) / 4);
  const scale = rows + z * z;
  // What is 0 or 1 by the formula is not always so after rounding.
  const low = positives === 0 ? 0 : Math.max((centre - half) / scale, 0);
  const high = positives === rows ? 1 : Math.min((centre + half) / scale, 1);
  return [low, high];
}

function checkCounts(positives: number, rows: number): void {
  const whole = Number.isInteger(positives) && Number.isInteger(rows);
  if (whole && rows >= 1 && positives >= 0 && positives <= rows) return;
  throw new InvalidInputError({
    what: 'A share of rows',
    expected: 'whole numbers with 0 ≤ positives ≤ rows and rows ≥ 1',
    found: `${positives} of ${rows}`,
  });
}
