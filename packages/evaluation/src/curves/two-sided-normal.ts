import { InvalidInputError } from '@risk-scoring/contract';

/** Levels nearer to 1 would ask for tails that 64-bit numbers cannot tell apart. */
const HIGHEST_LEVEL = 1 - 1e-9;

/**
 * How many standard deviations around its mean hold the central `level` of a normal distribution: 1.95996… for 0.95.
 *
 * Newton's method on P(|Z| < z) from z = 0. That function is concave, so every step falls short of the answer and none goes past it.
 *
 * @throws {InvalidInputError} unless the level lies in 0 < level ≤ 1 − 1e-9
 */
export function twoSidedNormal(level: number): number {
  if (!(level > 0 && level <= HIGHEST_LEVEL)) {
    throw new InvalidInputError({
      what: 'The level of an interval',
      expected: 'a number between 0 and 1, such as 0.95',
      found: level,
    });
  }
  let z = 0;
  for (;;) {
    const step = (level - withinNormal(z)) / (2 * density(z));
    z += step;
    if (!(step > 1e-12 * z)) return z;
  }
}

function density(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(|Z| < z) = 2 φ(z) (z + z³/3 + z⁵/(3·5) + …): Abramowitz and Stegun, Handbook of Mathematical Functions, 1964, 26.2.11. */
function withinNormal(z: number): number {
  let term = z;
  let sum = z;
  for (let odd = 3; term > 1e-17 * sum; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 2 * density(z) * sum;
}
