/** Decimal places of an amount. */
const SCALE = 18;

/**
 * An amount as a whole number of its smallest unit, 10⁻¹⁸.
 *
 * @example
 * parseAmount('-1.5'); // -1500000000000000000n
 */
export function parseAmount(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === '') throw new RangeError(`'${text}' is no amount`);
  const units = BigInt(whole + fraction.padEnd(SCALE, '0'));
  return sign === '-' ? -units : units;
}

/** What {@link parseAmount} parsed, as a number of USD. */
export function usd(units: bigint): number {
  return Number(units) / 10 ** SCALE;
}

/** ln(1 + |x|) with the sign of x. */
export function signedLog1p(x: number): number {
  return Math.sign(x) * Math.log1p(Math.abs(x));
}

/** Sums of amounts, exact: every mean and deviation follows from them. */
export interface Moments {
  readonly count: bigint;
  readonly sum: bigint;
  /** Σ amount² · n − (Σ amount)²: n² times the population variance. */
  readonly spread: bigint;
}

/** The exact sums of some amounts. */
export function momentsOf(amounts: readonly bigint[]): Moments {
  const count = BigInt(amounts.length);
  const sum = sumOf(amounts);
  const squares = sumOf(amounts.map((amount) => amount * amount));
  return { count, sum, spread: squares * count - sum * sum };
}

/** The sum of some amounts, exact. */
export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

/** The mean of some numbers; NaN of none. */
export function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
