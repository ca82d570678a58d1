import { InvalidInputError, type Split, type TrainRequest } from '@risk-scoring/contract';
import { EnsembleStackingError } from '../errors.ts';
import type { StackingOptions } from '../options.ts';

/** The rows of one fold, as indices into the matrix. */
export interface FoldRows {
  readonly trainRows: Int32Array;
  readonly validationRows: Int32Array;
  /** Rows that the models of this fold predict: nothing of their groups is among the others. */
  readonly testRows: Int32Array;
}

type Rows = Pick<TrainRequest, 'data' | 'trainRows' | 'validationRows' | 'labels' | 'seed'>;

/**
 * Divides the training rows into folds. Whatever the splitter gives as training part, no row of a split group that is tested stays in it, nor one that
 * the splitter hides, and early stopping watches none of them.
 *
 * @throws {InvalidInputError} where the splitter tests a row twice, or one that is no training row
 * @throws {EnsembleStackingError} where a fold has nothing left to test, to learn from or to stop early by
 */
export function foldRows(
  { data, trainRows, validationRows, labels, seed }: Rows,
  { splitter, folds }: StackingOptions,
): readonly FoldRows[] {
  const { keys, splitGroups } = data;
  const splits = splitter.folds({ rows: trainRows, keys, labels, splitGroups, seed }, folds);
  assertDisjoint(splits, trainRows, data.rows);
  return splits.map(({ train, test, hidden }, fold) => {
    const isTested = new Uint8Array(splitGroups.length);
    for (const row of test) isTested[splitGroups[row]] = 1;
    const isVisible = (row: number) => hidden?.[row] !== 1 && isTested[splitGroups[row]] === 0;
    const rows: FoldRows = {
      trainRows: train.filter(isVisible),
      validationRows: validationRows.filter(isVisible),
      testRows: test,
    };
    assertUsable(rows, { name: `fold ${fold + 1} of ${splits.length}`, stops: validationRows.length > 0 });
    return rows;
  });
}

function assertDisjoint(splits: readonly Split[], trainRows: Int32Array, rows: number): void {
  const TRAIN = 1;
  const TESTED = 2;
  const state = new Uint8Array(rows);
  for (const row of trainRows) state[row] = TRAIN;
  const refuse = (found: string) => {
    throw new InvalidInputError({
      what: 'The splitter of an ensemble',
      expected: 'folds of the training rows, each row tested once at most',
      found,
    });
  };
  for (const { train, test } of splits) {
    const foreign = train.find((row) => !(state[row] > 0));
    if (foreign !== undefined) refuse(`row ${foreign} to learn from, which is no training row`);
    for (const row of test) {
      if (state[row] !== TRAIN)
        refuse(`row ${row} tested ${state[row] === TESTED ? 'twice' : 'that is no training row'}`);
      state[row] = TESTED;
    }
  }
}

function assertUsable(
  { trainRows, validationRows, testRows }: FoldRows,
  { name, stops }: { name: string; stops: boolean },
): void {
  const refuse = (found: string) => {
    throw new EnsembleStackingError({
      expected: 'in each fold rows to test, to learn from and, where there are any, to stop early by',
      found: `${found} in ${name}`,
      remedy: 'use fewer folds, widen the period or stack with a splitter that hides fewer rows',
    });
  };
  if (testRows.length === 0) refuse('no row to test');
  if (trainRows.length === 0) refuse('no row to learn from');
  if (stops && validationRows.length === 0) refuse('no row to stop early by');
}
