/** The density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/**
 * The standard normal distribution function Φ(z), to about 1e-15.
 *
 * Φ(z) = 1/2 + φ(z) (z + z³/3 + z⁵/(3·5) + …): Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.2.11. All terms
 * have one sign, so nothing cancels.
 */
export function normalDistribution(z: number): number {
  // Beyond it, what is missing from 0 or 1 is below the precision of a double.
  if (z > 8.5) return 1;
  if (z < -8.5) return 0;
  const square = z * z;
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= square / k;
    sum += term;
  }
  return 0.5 + normalDensity(z) * sum;
}
