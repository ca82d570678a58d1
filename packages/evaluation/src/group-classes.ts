import type { SplitRequest } from '@risk-scoring/contract';
import { checkRows } from './splitters/check-request.ts';

/** The split groups among the requested rows, with how many rows of each class they hold. */
export interface GroupClasses {
  /** Ascending split-group codes. */
  readonly codes: Int32Array;
  /** Rows labelled 1, aligned with `codes`. */
  readonly positives: Int32Array;
  /** Rows labelled 0, aligned with `codes`. */
  readonly negatives: Int32Array;
}

/**
 * Counts the classes of every group among `request.rows`. One pass over the rows, one over the codes.
 *
 * @throws {InvalidInputError} when rows are not ascending indices of labelled rows, or a code is not dense
 */
export function countGroupClasses(request: SplitRequest): GroupClasses {
  const { rows, labels, splitGroups } = request;
  checkRows(request);
  const positivesByCode = new Int32Array(splitGroups.length);
  const negativesByCode = new Int32Array(splitGroups.length);
  for (const row of rows) {
    if (labels[row] === 1) positivesByCode[splitGroups[row]]++;
    else negativesByCode[splitGroups[row]]++;
  }
  const occurring = new Int32Array(splitGroups.length);
  let groups = 0;
  for (let code = 0; code < splitGroups.length; code++) {
    if (positivesByCode[code] + negativesByCode[code] > 0) occurring[groups++] = code;
  }
  const codes = occurring.slice(0, groups);
  return {
    codes,
    positives: codes.map((code) => positivesByCode[code]),
    negatives: codes.map((code) => negativesByCode[code]),
  };
}
