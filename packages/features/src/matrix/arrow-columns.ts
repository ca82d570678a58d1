import type { RecordBatch } from 'apache-arrow';

/** A 64-bit column of a batch as the low and high half of each value, without a copy. */
export function halvesOf(batch: RecordBatch, name: string): Uint32Array {
  const [data] = batch.getChild(name)?.data ?? [];
  if (data === undefined) throw new RangeError(`the result has no column ${name}`);
  const values: BigUint64Array = data.values;
  return new Uint32Array(values.buffer, values.byteOffset, batch.numRows * 2);
}

/** The numbers of a float32 column, by its place, as they lie in the buffer. */
export function floatsOf(batch: RecordBatch, place: number): Float32Array {
  const [data] = batch.getChildAt(place)?.data ?? [];
  if (data === undefined) throw new RangeError(`the result has no column ${place}`);
  return data.values.subarray(0, batch.numRows);
}
