import { InvalidInputError, SingleClassError, type SplitRequest } from '@risk-scoring/contract';

/** How many rows there are of each class. */
export interface ClassCounts {
  readonly positives: number;
  readonly negatives: number;
}

/** @throws {InvalidInputError} unless 0 < testFraction < 1 */
export function checkFraction(testFraction: number): void {
  if (testFraction > 0 && testFraction < 1) return;
  throw new InvalidInputError({
    what: 'The test fraction',
    expected: 'a number between 0 and 1, such as 0.2',
    found: testFraction,
  });
}

/** @throws {InvalidInputError} unless there are at least two folds */
export function checkFolds(k: number): void {
  if (Number.isInteger(k) && k >= 2) return;
  throw new InvalidInputError({
    what: 'The number of folds',
    expected: 'a whole number of at least 2',
    found: k,
  });
}

/** @throws {InvalidInputError} when rows are not ascending indices of labelled rows, or a split-group code is not dense */
export function checkRows({ rows, labels, splitGroups }: SplitRequest): void {
  if (labels.length !== splitGroups.length) {
    throw new InvalidInputError({
      what: 'The split request',
      expected: 'one label and one split group per row of the data set',
      found: `${labels.length} labels and ${splitGroups.length} split groups`,
    });
  }
  let previous = -1;
  for (const row of rows) {
    if (row <= previous || row >= labels.length) throw badRow(row, `ascending rows below ${labels.length}`);
    if (labels[row] !== 0 && labels[row] !== 1) throw badRow(row, 'labelled rows only, of label 0 or 1');
    const code = splitGroups[row];
    if (code < 0 || code >= splitGroups.length) throw badRow(row, 'dense split-group codes from 0');
    previous = row;
  }
}

/**
 * Counts the classes of some rows.
 *
 * @param where names the rows in the error: `'the rows to split'`
 * @throws {SingleClassError} when one is missing
 */
export function checkClasses(
  labels: Int8Array,
  rows: Int32Array,
  { where, remedy }: { readonly where: string; readonly remedy?: string },
): ClassCounts {
  let positives = 0;
  for (const row of rows) positives += labels[row] === 1 ? 1 : 0;
  const counts = { positives, negatives: rows.length - positives };
  if (counts.positives > 0 && counts.negatives > 0) return counts;
  throw new SingleClassError({ where, ...counts, ...(remedy === undefined ? {} : { remedy }) });
}

function badRow(row: number, expected: string): InvalidInputError {
  return new InvalidInputError({ what: 'The split request', expected, found: `row ${row}` });
}
