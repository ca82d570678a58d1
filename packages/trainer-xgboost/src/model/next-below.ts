const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * The float32 next below a finite float32; that of both zeros is the negative subnormal of least magnitude. For every float32 x, `x < t` and
 * `x <= nextBelow(t)` say the same.
 *
 * @example
 * nextBelow(1); // 0.9999999403953552
 */
export function nextBelow(value: number): number {
  if (value === 0) return -1.401298464324817e-45;
  float[0] = value;
  // Among numbers of one sign, the bit pattern counts up with the magnitude (IEEE 754).
  bits[0] = (bits[0] as number) + (value > 0 ? -1 : 1);
  return float[0] as number;
}
