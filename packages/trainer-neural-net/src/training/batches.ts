import type { Random } from '@risk-scoring/contract';

/**
 * Divides 0 … count − 1, shuffled, into batches as equal as can be: none of them is a small rest, whose mean and variance would say little.
 *
 * @param order is shuffled in place
 * @example
 * [...divideIntoBatches(Int32Array.of(0, 1, 2, 3, 4), { most: 3, random })]; // e.g. [[4, 0], [2, 1, 3]]
 */
export function* divideIntoBatches(
  order: Int32Array,
  { most, random }: { readonly most: number; readonly random: Random },
): Generator<Int32Array> {
  random.shuffle(order);
  const batches = Math.ceil(order.length / most);
  for (let batch = 0; batch < batches; batch++) {
    const start = Math.floor((batch * order.length) / batches);
    yield order.subarray(start, Math.floor(((batch + 1) * order.length) / batches));
  }
}

/**
 * A dropout mask (Srivastava and others 2014, "Dropout"): 0 for a unit that is left out, else 1/(1 − dropout), so that scoring needs no factor.
 *
 * @param size rows × units
 */
export function drawMask(size: number, dropout: number, random: Random): Float32Array {
  const mask = new Float32Array(size);
  const kept = 1 / (1 - dropout);
  for (let i = 0; i < size; i++) mask[i] = random.next() < dropout ? 0 : kept;
  return mask;
}
