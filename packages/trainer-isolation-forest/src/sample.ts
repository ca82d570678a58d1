import type { Random } from '@risk-scoring/contract';

/** A column-major matrix, its row numbers and nothing else: what a tree is grown on. */
export interface Values {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Draws some of the rows without replacement and copies their values, column by column. `pool` is shuffled a little; whatever its order
 * was, each sample is as likely as another.
 */
export function drawSample(
  { values, rows, columns }: Values,
  { pool, size, random }: { pool: Int32Array; size: number; random: Random },
): Values {
  for (let i = 0; i < size; i++) {
    const j = i + random.integer(pool.length - i);
    const drawn = pool[j] as number;
    pool[j] = pool[i] as number;
    pool[i] = drawn;
  }
  const sample = new Float32Array(size * columns);
  for (let column = 0; column < columns; column++) {
    const from = column * rows;
    const to = column * size;
    for (let i = 0; i < size; i++) sample[to + i] = values[from + (pool[i] as number)] as number;
  }
  return { values: sample, rows: size, columns };
}
