import type { FeatureMatrix } from '@risk-scoring/contract';
import { check } from '../conformance/check.ts';

const MILLISECONDS_PER_DAY = 86_400_000;

/** The rows of a matrix as `YYYY-MM-DD id`. */
export function rowNames({ keys }: FeatureMatrix): string[] {
  return keys.ids.map((id, row) => {
    const date = new Date((keys.processingDates[row] ?? Number.NaN) * MILLISECONDS_PER_DAY);
    return `${Number.isNaN(date.getTime()) ? 'no date   ' : date.toISOString().slice(0, 10)} ${id}`;
  });
}

/**
 * Checks that each row of a matrix has the same bits as the row of its name in a larger one.
 */
export function checkSameRows(part: FeatureMatrix, whole: FeatureMatrix, what: string): void {
  const rowOf = new Map(rowNames(whole).map((name, row) => [name, row]));
  rowNames(part).forEach((name, row) => {
    const same = rowOf.get(name);
    check(same !== undefined, `${what}: the alert ${name} has a row only there`);
    part.columns.forEach((column, index) => {
      const found = part.values[index * part.rows + row];
      const expected = whole.values[index * whole.rows + same];
      check(
        Object.is(found, expected),
        `${what}: ${column.name} of ${name} is ${found}, but ${expected} among the others`,
      );
    });
  });
}
