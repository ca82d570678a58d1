import { nextBelow } from '../model/next-below.ts';

/** For each threshold a row-major row with it, the float32 below it, the one above it, and NaN in its column; 0 elsewhere. */
export function rowsAround(
  thresholds: readonly { column: number; threshold: number }[],
  columns: number,
): Float32Array {
  const rows = thresholds.flatMap(({ column, threshold }) =>
    [threshold, nextBelow(threshold), -nextBelow(-threshold), Number.NaN].map((x) =>
      Array.from({ length: columns }, (_, i) => (i === column ? x : 0)),
    ),
  );
  return Float32Array.from(rows.flat());
}

/** The same values column by column. */
export function columnMajor(rowMajor: Float32Array, columns: number): Float32Array {
  const rows = rowMajor.length / columns;
  return rowMajor.map((_, i) => rowMajor[(i % rows) * columns + Math.floor(i / rows)] as number);
}
