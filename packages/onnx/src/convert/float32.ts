const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * The largest float32 that is not above `value`. For every float32 x, `x <= value` and
 * `x <= roundDownToFloat32(value)` then say the same, which rounding to nearest does not give.
 * Below the range of float32 it is -Infinity, above it the largest finite float32.
 *
 * @param value any number but NaN
 * @example
 * roundDownToFloat32(0.1) < 0.1; // true; Math.fround(0.1) is above 0.1
 */
export function roundDownToFloat32(value: number): number {
  const nearest = Math.fround(value);
  return nearest <= value ? nearest : nextBelow(nearest);
}

/**
 * The float32 next below a float32; that of both zeros is the negative subnormal of least magnitude.
 *
 * @example
 * nextBelow(Number.POSITIVE_INFINITY); // 3.4028234663852886e38
 */
export function nextBelow(value: number): number {
  if (value === 0) return -1.401298464324817e-45;
  float[0] = value;
  // Among numbers of one sign, the bit pattern counts up with the magnitude (IEEE 754).
  bits[0] += value > 0 ? -1 : 1;
  return float[0];
}
