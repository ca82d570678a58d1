import type { FeatureMatrix } from '@risk-scoring/contract';

// A block of this many rows of one column stays in the first-level cache while it is spread over the target.
const blockRows = 64;

/**
 * Copies rows of the column-major matrix into `target`, row-major.
 *
 * @param rows of the matrix, in the order wanted; all rows when undefined
 * @param range which of those: `start` (inclusive) to `end` (exclusive)
 */
export function copyRowMajor(
  target: Float32Array,
  matrix: FeatureMatrix,
  { rows, start, end }: { rows: Int32Array | undefined; start: number; end: number },
): void {
  const { values, rows: height } = matrix;
  const width = matrix.columns.length;
  for (let block = start; block < end; block += blockRows) {
    const blockEnd = Math.min(block + blockRows, end);
    for (let column = 0; column < width; column++) {
      const base = column * height;
      for (let i = block; i < blockEnd; i++) {
        const row = rows === undefined ? i : rows[i];
        target[(i - start) * width + column] = values[base + row];
      }
    }
  }
}
