import type { FeatureMatrix } from '@risk-scoring/contract';

/** One value that is not the same bits in two matrices. */
export interface Difference {
  readonly date: string;
  readonly id: string;
  readonly address: string;
  readonly group: string;
  readonly column: string;
  readonly values: readonly [number, number];
}

/**
 * Where two matrices differ, bit for bit, in the rows that the second one has. All of them must be in the first one, which may have
 * more, unless only the rows in `common` are asked for.
 *
 * @example
 * expect(differences(whole, part)).toEqual([]);
 */
export function differences(
  whole: FeatureMatrix,
  part: FeatureMatrix,
  { common = false }: { readonly common?: boolean } = {},
): Difference[] {
  const rowOf = new Map(rowNames(whole).map((name, row) => [name, row]));
  const bits = [whole, part].map(
    ({ values }) => new Uint32Array(values.buffer, values.byteOffset, values.length),
  );
  const found: Difference[] = [];
  rowNames(part).forEach((name, row) => {
    const other = rowOf.get(name);
    if (other === undefined && common) return;
    if (other === undefined) throw new RangeError(`no row ${name}`);
    part.columns.forEach(({ name: column, group }, place) => {
      if (whole.columns[place]?.name !== column) throw new RangeError(`no column ${column}`);
      const [at, otherAt] = [place * part.rows + row, place * whole.rows + other];
      if (bits[0]?.[otherAt] === bits[1]?.[at]) return;
      const values = [whole.values[otherAt] ?? 0, part.values[at] ?? 0] as const;
      found.push({ ...rowAt(part, row), group, column, values });
    });
  });
  return found;
}

/** The values of a column, by its name. */
export function columnOf(matrix: FeatureMatrix, name: string): number[] {
  const place = matrix.columns.findIndex((column) => column.name === name);
  if (place < 0) throw new RangeError(`no column ${name}`);
  return Array.from(matrix.values.subarray(place * matrix.rows, (place + 1) * matrix.rows));
}

/** What a row is about. */
export function rowAt(matrix: FeatureMatrix, row: number): { date: string; id: string; address: string } {
  const day = matrix.keys.processingDates[row] ?? 0;
  return {
    date: new Date(day * 86_400_000).toISOString().slice(0, 10),
    id: matrix.keys.ids[row] ?? '',
    address: matrix.splitGroupNames[matrix.splitGroups[row] ?? 0] ?? '',
  };
}

function rowNames(matrix: FeatureMatrix): string[] {
  return matrix.keys.ids.map((id, row) => `${matrix.keys.processingDates[row]} ${id}`);
}
