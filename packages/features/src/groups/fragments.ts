import type { GroupColumn } from '@risk-scoring/contract';

/** A numeric column as most groups declare theirs. */
export function numeric(
  name: string,
  meaning: string,
  rest: { readonly unit?: string; readonly missing?: string; readonly absent?: number } = {},
): GroupColumn {
  const { unit, missing = 'never missing', absent } = rest;
  return {
    name,
    kind: 'numeric',
    meaning,
    missing,
    ...(unit === undefined ? {} : { unit }),
    ...(absent === undefined ? {} : { absent }),
  };
}

/** SOT's anomaly scores, and what each looks at. */
export const ANOMALY_SCORES = [
  ['behavioral_anomaly_score', 'behaviour'],
  ['graph_anomaly_score', 'the graph position'],
  ['neighborhood_anomaly_score', 'the neighbourhood'],
  ['global_anomaly_score', 'everything'],
] as const;

/** The place of a severity or risk level, whatever its letter case: low 1, medium 2, high 3, critical 4, and 0 for others. */
export function levelSql(text: string): string {
  return `indexOf(['low', 'medium', 'high', 'critical'], lower(${text}))`;
}

/** ln(1 + x) of an amount of money; negative amounts as 0. */
export function log1pSql(amount: string): string {
  return `log1p(greatest(toFloat64(${amount}), 0))`;
}

// Sums of floats depend on the order of the rows, which no engine promises. Sums of integers do not, so whatever is added up here is
// one: amounts as the whole numbers of 10⁻¹⁸ USD that they are stored as, scores in units of 10⁻¹². Squares of
// amounts are exact in 256 bits; as decimals they took five times as long.

/** Amounts beyond this many USD count as this many in sums: no address moved as much, and bogus prices must not overflow the sums. */
const MOST_USD = '1000000000000000';

/** An amount of money as the integer that it is stored as: 10⁻¹⁸ USD. */
export function wholeAmount(amount: string): string {
  return `reinterpretAsInt128(least(greatest(${amount}, toDecimal128(-${MOST_USD}, 18)), toDecimal128(${MOST_USD}, 18)))`;
}

/** The exact square of an amount, in (10⁻¹⁸ USD)². */
export function squareSql(amount: string): string {
  return `toInt256(${wholeAmount(amount)}) * ${wholeAmount(amount)}`;
}

/**
 * The population standard deviation of amounts, in USD, from their count, sum and sum of squares, none of them rounded:
 * sqrt(n Σx² − (Σx)²) / n. Of one amount it is 0.
 *
 * @param parts.sum sum of {@link wholeAmount}, as Int256
 * @param parts.squares sum of {@link squareSql}
 */
export function exactStd({ count, sum, squares }: { count: string; sum: string; squares: string }): string {
  return `sqrt(greatest(toFloat64(${squares} * ${count} - ${sum} * ${sum}), 0)) / ${count} / 1e18`;
}

/** Whether a score is a number that {@link wholeScore} can hold. */
export function isScore(score: string): string {
  return `isFinite(${score}) AND abs(${score}) < 1e12`;
}

/** A score in units of 10⁻¹², as an integer; 0 where it is none. */
export function wholeScore(score: string): string {
  return `toInt128(if(${isScore(score)}, toFloat64(${score}), 0) * 1e12)`;
}
