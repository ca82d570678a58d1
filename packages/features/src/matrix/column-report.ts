import type { FeatureMatrix } from '@risk-scoring/contract';

/** Columns that teach a model nothing. */
export interface ColumnReport {
  /** Names of columns with one value only, NaN counting as one. */
  readonly constant: readonly string[];
  /** Columns that equal an earlier one in every row, bit by bit, and the name of that one. */
  readonly duplicates: readonly { readonly name: string; readonly of: string }[];
}

/**
 * Finds constant and duplicate columns. They stay in the matrix: the next training period may tell them apart, and a model's columns must
 * not depend on what its data happened to be.
 *
 * @example
 * reportColumns(matrix).constant; // ['is_mixer_like', …]
 */
export function reportColumns(matrix: FeatureMatrix): ColumnReport {
  const { rows, columns } = matrix;
  // As integers, so that NaN equals NaN.
  const bits = new Int32Array(matrix.values.buffer, matrix.values.byteOffset, rows * columns.length);
  const constant: string[] = [];
  const duplicates: { name: string; of: string }[] = [];
  const byHash = new Map<number, number[]>();
  columns.forEach(({ name }, column) => {
    const values = bits.subarray(column * rows, (column + 1) * rows);
    const { hash, same } = scan(values);
    if (same) {
      constant.push(name);
      return;
    }
    const candidates = byHash.get(hash) ?? [];
    const twin = candidates.find((other) => equal(values, bits.subarray(other * rows, (other + 1) * rows)));
    if (twin !== undefined) duplicates.push({ name, of: columns[twin]?.name ?? '' });
    else byHash.set(hash, [...candidates, column]);
  });
  return { constant, duplicates };
}

/** A hash of the values (FNV-1a over 32-bit words), and whether they are all the same. */
function scan(values: Int32Array): { hash: number; same: boolean } {
  const first = values[0] ?? 0;
  let hash = 0x811c9dc5;
  let same = true;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    hash = Math.imul(hash ^ value, 0x01000193);
    if (value !== first) same = false;
  }
  return { hash, same };
}

function equal(a: Int32Array, b: Int32Array): boolean {
  for (let row = 0; row < a.length; row++) if (a[row] !== b[row]) return false;
  return true;
}
