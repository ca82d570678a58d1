/**
 * A percentile by linear interpolation between the closest ranks (Hyndman & Fan 1996, definition 7: the default of R and NumPy): of n ascending
 * values, the one at (n − 1) · p / 100.
 *
 * @param ascending without NaN
 * @returns NaN of no values
 * @example
 * percentileOf(Float64Array.of(1, 2, 3, 4), 50); // 2.5
 */
export function percentileOf(ascending: Float64Array, p: number): number {
  if (ascending.length === 0) return Number.NaN;
  const at = ((ascending.length - 1) * p) / 100;
  const below = ascending[Math.floor(at)] ?? Number.NaN;
  const above = ascending[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/**
 * The percentile of each group's values, NaN left out.
 *
 * @param groups a code per value, 0 to `count` − 1
 * @returns one percentile per group
 */
export function percentileByGroup(
  values: Float64Array,
  { groups, count, p }: { readonly groups: Int32Array; readonly count: number; readonly p: number },
): Float64Array {
  const members: number[][] = Array.from({ length: count }, () => []);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (!Number.isNaN(value)) members[groups[row] ?? 0]?.push(value);
  }
  return Float64Array.from(members, (list) => percentileOf(Float64Array.from(list).sort(), p));
}
