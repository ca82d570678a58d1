import type { Scores } from './scored-rows.ts';

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGITS - 1;

/**
 * The rows from the highest score to the lowest; equal scores keep the order of their rows.
 *
 * A least-significant-digit radix sort on the bit patterns (Knuth, The Art of Computer Programming
 * vol. 3, 5.2.5): linear in the rows, and several times faster than a comparison sort of indices.
 * Scores must not be NaN. -0 comes after 0, although the two are equal.
 *
 * @returns a permutation of 0 … scores.length - 1
 * @example
 * descendingOrder(Float64Array.of(0.1, 0.9, 0.5)); // Int32Array [1, 2, 0]
 */
export function descendingOrder(scores: Scores): Int32Array {
  const order = new Int32Array(scores.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  const scratch = new Int32Array(scores.length);
  if (scores instanceof Float32Array) {
    const bits = new Uint32Array(scores.buffer, scores.byteOffset, scores.length);
    sortByKeys(order, scratch, bits.map(descendingKey));
    return order;
  }
  const { low, high } = descendingKeys64(scores);
  sortByKeys(order, scratch, low);
  sortByKeys(order, scratch, high);
  return order;
}

/** A float's bits so changed that a greater float has a smaller unsigned key. */
function descendingKey(bits: number): number {
  return bits >>> 31 === 0 ? ~bits & 0x7fffffff : bits;
}

/** The same for 64-bit floats, as two words; the sign of the upper word decides over both. */
function descendingKeys64(scores: Float64Array): { low: Uint32Array; high: Uint32Array } {
  const low = new Uint32Array(scores.length);
  const high = new Uint32Array(scores.length);
  const [lowWord, highWord] = littleEndian() ? [0, 1] : [1, 0];
  const words = new Uint32Array(scores.buffer, scores.byteOffset, scores.length * 2);
  for (let row = 0; row < scores.length; row++) {
    const upper = words[2 * row + highWord];
    const lower = words[2 * row + lowWord];
    low[row] = upper >>> 31 === 0 ? ~lower : lower;
    high[row] = descendingKey(upper);
  }
  return { low, high };
}

/** Sorts `order` in place by ascending `keys[row]`, stably. */
function sortByKeys(order: Int32Array, scratch: Int32Array, keys: Uint32Array): void {
  let from = order;
  let to = scratch;
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    if (!scatterByDigit(from, to, { keys, shift })) continue;
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
}

/** One pass; false when all keys share the digit, and nothing was moved. */
function scatterByDigit(
  from: Int32Array,
  to: Int32Array,
  { keys, shift }: { keys: Uint32Array; shift: number },
): boolean {
  const starts = new Int32Array(DIGITS);
  for (let row = 0; row < keys.length; row++) {
    const digit = (keys[row] >>> shift) & DIGIT_MASK;
    starts[digit] = starts[digit] + 1;
  }
  if (starts.includes(keys.length)) return false;
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = starts[digit];
    starts[digit] = start;
    start += count;
  }
  for (let i = 0; i < from.length; i++) {
    const row = from[i];
    const digit = (keys[row] >>> shift) & DIGIT_MASK;
    const position = starts[digit];
    to[position] = row;
    starts[digit] = position + 1;
  }
  return true;
}

function littleEndian(): boolean {
  return new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
}
