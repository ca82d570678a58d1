import { InvalidInputError, type TrainRequest } from '@risk-scoring/contract';
import { rowsByQuery } from './query-rows.ts';

/** What a ranker's request is checked against. */
export interface RankingRules {
  /** How many grades have a gain: `label_gain` of LightGBM, 0 … 30 by default. */
  readonly grades: number;
  /** Whether the validation rows decide when to stop. */
  readonly stopsEarly: boolean;
}

/**
 * How much each row of the matrix matters: `relevance`, or the labels where there is none.
 *
 * @example
 * const grades = gradesOf(request); // one per row of request.data
 */
export function gradesOf({ relevance, labels }: TrainRequest): Uint8Array | Int8Array {
  return relevance ?? labels;
}

/**
 * Refuses grades and weights that no order can be learned from.
 *
 * @throws {InvalidInputError} where a row has no grade or one without a gain, a weight is negative or not finite, the weights sum to 0, or no query has rows of
 *   two grades: of the training rows, and of the validation rows where they decide when to stop
 * @example
 * checkRanking(request, { grades: 31, stopsEarly: true });
 */
export function checkRanking(request: TrainRequest, rules: RankingRules): void {
  const { data, labels, weights, relevance, trainRows, validationRows } = request;
  const lists = relevance === undefined ? { labels, weights } : { relevance, weights };
  for (const [what, { length }] of Object.entries(lists)) {
    if (length === data.rows) continue;
    throw new InvalidInputError({
      what: `The list of ${what}`,
      expected: `${data.rows} numbers, one per row of the matrix`,
      found: `${length} numbers`,
    });
  }
  for (const [what, rows, decides] of [
    ['training', trainRows, true],
    ['validation', validationRows, rules.stopsEarly],
  ] as const) {
    if (what === 'validation' && rows.length === 0) continue;
    checkGrades(what, rows, { request, grades: rules.grades });
    checkWeights(what, rows, weights);
    if (decides) checkOrder(what, rows, request);
  }
}

function checkGrades(
  what: string,
  rows: Int32Array,
  { request, grades }: { request: TrainRequest; grades: number },
): void {
  const given = gradesOf(request);
  const most = request.relevance === undefined ? 2 : grades;
  const wrong = rows.find((row) => !((given[row] as number) >= 0 && (given[row] as number) < most));
  if (wrong === undefined) return;
  throw new InvalidInputError({
    what: `The ${what} rows`,
    expected: request.relevance === undefined ? 'rows labelled 1 or 0' : `relevances from 0 to ${most - 1}`,
    found: `${given[wrong]} in row ${wrong}`,
  });
}

function checkWeights(what: string, rows: Int32Array, weights: Float32Array): void {
  const wrong = rows.find((row) => !(Number.isFinite(weights[row]) && (weights[row] as number) >= 0));
  if (wrong !== undefined) {
    throw new InvalidInputError({
      what: `A weight of the ${what} rows`,
      expected: 'a finite number ≥ 0',
      found: `${weights[wrong]} in row ${wrong}`,
    });
  }
  if (rows.some((row) => (weights[row] as number) > 0)) return;
  throw new InvalidInputError({
    what: `The weights of the ${what} rows`,
    expected: 'a sum above 0',
    found: `0 in all ${rows.length} rows`,
  });
}

/** A query teaches an order if its rows are of two grades and one of them has a weight. */
function checkOrder(what: string, rows: Int32Array, request: TrainRequest): void {
  const grades = gradesOf(request);
  const queries = rowsByQuery(request.data, rows);
  const teaches = (query: Int32Array) =>
    query.some((row) => grades[row] !== grades[query[0] as number]) &&
    query.some((row) => (request.weights[row] as number) > 0);
  if (queries.some(teaches)) return;
  throw new InvalidInputError({
    what: `The grades of the ${what} rows`,
    expected: 'a query with rows of two different grades',
    found: `${queries.length} ${queries.length === 1 ? 'query' : 'queries'}, each with rows of one grade only`,
    remedy:
      what === 'validation'
        ? 'choose validation rows with an order to judge, or train without early stopping'
        : 'grade some rows of a query higher than others',
  });
}
