import { checkTeaching, type TrainedModel, type TrainRequest } from '@risk-scoring/contract';
import { logit } from '../combination.ts';
import { EnsembleStackingError } from '../errors.ts';
import type { StackingOptions } from '../options.ts';
import { fitLogistic, type LogisticFit } from './fit-logistic.ts';
import type { FoldRows } from './fold-rows.ts';

/** What stacking needs of an ensemble. */
export interface StackingWork {
  readonly request: TrainRequest;
  readonly options: StackingOptions;
  readonly folds: readonly FoldRows[];
  /** Names of the members. */
  readonly names: readonly string[];
  /** Trains one member on one fold. */
  trainOnFold(member: number, fold: number): Promise<TrainedModel>;
}

/**
 * Coefficients of the members: a logistic regression of the labels on the log-odds that each member gives rows which it has not learned from
 * (Wolpert 1992, "Stacked generalization"). A row counts with its weight, and as the opposite class with its counter-weight.
 *
 * @throws {EnsembleStackingError} where a member gives something else than probabilities
 * @throws {SingleClassError} where the tested rows are of one class
 */
export async function stackMembers(work: StackingWork): Promise<LogisticFit> {
  const { request, options, folds } = work;
  const rows = testedRows(folds);
  const { labels, weights, counterWeights } = request;
  // A splitter may leave out rows: those that are tested have to teach both classes by themselves.
  checkTeaching({
    ...request,
    rows: request.data.rows,
    trainRows: rows,
    validationRows: new Int32Array(),
  });
  const columns = await predictOutOfFold(work, rows.length);
  const taught = rows.map((row) => (labels[row] === 1 ? 1 : 0));
  const total = Float64Array.from(rows, (row) => weights[row] + (counterWeights?.[row] ?? 0));
  const targets = Float64Array.from(rows, (row, i) => {
    if (total[i] === 0) return 0;
    return (taught[i] === 1 ? weights[row] : (counterWeights?.[row] ?? 0)) / total[i];
  });
  const { ridge, nonNegative } = options;
  return fitLogistic({ columns, targets, weights: total, ridge, nonNegative }, request.signal);
}

/** The tested rows, fold by fold. */
function testedRows(folds: readonly FoldRows[]): Int32Array {
  const rows = new Int32Array(folds.reduce((sum, { testRows }) => sum + testRows.length, 0));
  let start = 0;
  for (const { testRows } of folds) {
    rows.set(testRows, start);
    start += testRows.length;
  }
  return rows;
}

/** The log-odds of each member, in the order of the tested rows of all folds. */
async function predictOutOfFold(
  { request, folds, names, trainOnFold }: StackingWork,
  count: number,
): Promise<readonly Float64Array[]> {
  const columns = names.map(() => new Float64Array(count));
  let start = 0;
  for (const [fold, { testRows }] of folds.entries()) {
    for (const [member, column] of columns.entries()) {
      const model = await trainOnFold(member, fold);
      try {
        const probabilities = await model.predict(request.data, { rows: testRows });
        assertProbabilities(names[member], probabilities, testRows);
        column.set(probabilities.map(logit), start);
      } finally {
        await model.dispose();
      }
    }
    start += testRows.length;
  }
  return columns;
}

function assertProbabilities(name: string, found: Float64Array, rows: Int32Array): void {
  const wrong = found.findIndex((p) => !(p >= 0 && p <= 1));
  if (found.length === rows.length && wrong < 0) return;
  throw new EnsembleStackingError({
    expected: 'a probability in 0..1 of each row from each member',
    found:
      found.length === rows.length
        ? `${found[wrong]} in row ${rows[wrong]} from '${name}'`
        : `${found.length} numbers for ${rows.length} rows from '${name}'`,
    remedy: `mend the trainer of '${name}'; describeModelTrainer() of @risk-scoring/testkit shows where it fails`,
  });
}
