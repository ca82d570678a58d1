import { type FeatureMatrix, SingleClassError } from '@risk-scoring/contract';
import { InvalidScoredRowsError } from './errors.ts';

/**
 * How well each column alone tells the classes apart: 0.5 is chance, 1 is perfect, whichever way the
 * column points. A column near 1 is more likely a leak than a find.
 *
 * NaN means unknown, and a tree may send it to either side of every cut. So AUC is taken twice, with NaN
 * below and with NaN above all numbers (NaN equal to NaN both times), and the one farther from 0.5
 * counts. A column that is unknown exactly for one class thus shows as 1, as it should. What this cannot
 * show: a column that tells the classes apart only in its middle, and one that is known for few
 * rows (it moves only those).
 *
 * @param matrix all rows of the data set
 * @param labels per row of the matrix
 * @param rows rows to look at, all labelled 0 or 1
 * @returns max(AUC, 1 − AUC) per column, in the order of `matrix.columns`
 * @throws {SingleClassError} when a class has no row
 * @throws {InvalidScoredRowsError} on another label or a row that is not in the matrix
 * @example
 * const aucs = singleFeatureAucs(matrix, labelSet.labels, train);
 * const suspects = matrix.columns.filter((_, column) => aucs[column] > 0.98);
 */
export function singleFeatureAucs(matrix: FeatureMatrix, labels: Int8Array, rows: Int32Array): Float64Array {
  const { positives, negatives } = divideByLabel(matrix, labels, rows);
  return Float64Array.from(matrix.columns, (_, column) => {
    const values = matrix.values.subarray(column * matrix.rows, (column + 1) * matrix.rows);
    return separation(sortedColumn(values, positives), sortedColumn(values, negatives));
  });
}

interface SortedColumn {
  /** Ascending, without NaN. */
  readonly known: Float32Array;
  readonly unknown: number;
}

function sortedColumn(values: Float32Array, rows: Int32Array): SortedColumn {
  const known = new Float32Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const value = values[row];
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return { known: known.subarray(0, count).sort(), unknown: rows.length - count };
}

/** The larger of max(AUC, 1 − AUC) with NaN lowest and with NaN highest. */
function separation(positives: SortedColumn, negatives: SortedColumn): number {
  const pairs = (positives.known.length + positives.unknown) * (negatives.known.length + negatives.unknown);
  const wins = winsOf(positives.known, negatives.known) + (positives.unknown * negatives.unknown) / 2;
  const nanLowest = (wins + positives.known.length * negatives.unknown) / pairs;
  const nanHighest = (wins + positives.unknown * negatives.known.length) / pairs;
  return 0.5 + Math.max(Math.abs(nanLowest - 0.5), Math.abs(nanHighest - 0.5));
}

/** Pairs in which the positive is greater, equal ones counting half: the Mann–Whitney statistic by a merge. */
function winsOf(positives: Float32Array, negatives: Float32Array): number {
  let wins = 0;
  let below = 0;
  let belowOrEqual = 0;
  for (const value of positives) {
    while (below < negatives.length && negatives[below] < value) below++;
    while (belowOrEqual < negatives.length && negatives[belowOrEqual] <= value) belowOrEqual++;
    wins += (below + belowOrEqual) / 2;
  }
  return wins;
}

function divideByLabel(
  matrix: FeatureMatrix,
  labels: Int8Array,
  rows: Int32Array,
): { positives: Int32Array; negatives: Int32Array } {
  if (labels.length !== matrix.rows) {
    throw new InvalidScoredRowsError({
      summary: 'Labels and matrix are not aligned.',
      expected: `${matrix.rows} labels, one per row of the matrix`,
      found: String(labels.length),
    });
  }
  for (const row of rows) checkRow(row, labels);
  const positives = rows.filter((row) => labels[row] === 1);
  const negatives = rows.filter((row) => labels[row] === 0);
  if (positives.length > 0 && negatives.length > 0) return { positives, negatives };
  throw new SingleClassError({
    where: 'the rows to look at',
    positives: positives.length,
    negatives: negatives.length,
  });
}

function checkRow(row: number, labels: Int8Array): void {
  if (labels[row] === 0 || labels[row] === 1) return;
  throw new InvalidScoredRowsError({
    summary: `Row ${row} cannot be looked at.`,
    expected: `labelled rows from 0 to ${labels.length - 1}`,
    found: row in labels ? `the label ${labels[row]}` : `row ${row}`,
  });
}
