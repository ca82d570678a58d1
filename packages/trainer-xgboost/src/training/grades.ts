import { checkTeaching, InvalidInputError, type TrainRequest } from '@risk-scoring/contract';

/** XGBoost's gain of a row is 2^grade − 1, in 32 bits. */
const HIGHEST_GRADE = 30;

/** How much each row of the matrix matters to a ranker: `relevance`, or else the labels. */
export function gradesOf({ relevance, labels }: TrainRequest): Int8Array | Uint8Array {
  return relevance ?? labels;
}

/**
 * Refuses what a ranker cannot learn from.
 *
 * @throws {InvalidInputError} for weights that are none, rows without label (where there is no relevance), grades above 30 (`rank:map`: above 1), and where no query has
 *   two training rows of different grade
 */
export function checkRanking(
  request: TrainRequest,
  { grades, objective }: { grades: Int8Array | Uint8Array; objective: string },
): void {
  const { data, trainRows, validationRows, weights, labels } = request;
  if (grades.length !== data.rows) {
    throw new InvalidInputError({
      what: 'The relevance',
      expected: `${data.rows} numbers, one per row of the matrix`,
      found: `${grades.length} numbers`,
    });
  }
  const least = trainRows.reduce((lowest, row) => Math.min(lowest, grades[row] as number), 255);
  // What is above the least grade counts as a positive: then both classes are there, and every listed row has a label.
  const binary =
    request.relevance === undefined ? labels : Int8Array.from(grades, (grade) => +(grade > least));
  checkTeaching({ rows: data.rows, trainRows, validationRows, labels: binary, weights });
  const highest = objective === 'rank:map' ? 1 : HIGHEST_GRADE;
  for (const rows of [trainRows, validationRows]) {
    const wrong = rows.find((row) => (grades[row] as number) > highest);
    if (wrong === undefined) continue;
    throw new InvalidInputError({
      what: 'The relevance',
      expected: `whole numbers from 0 to ${highest} for ${objective}`,
      found: `${grades[wrong]} in row ${wrong}`,
    });
  }
  if (hasOrder(trainRows, grades, data.queryIds)) return;
  throw new InvalidInputError({
    what: 'The training rows',
    expected: 'some query (snapshot) with rows of different relevance, for a ranker orders within a query',
    found: 'the same relevance throughout each query',
  });
}

function hasOrder(rows: Int32Array, grades: ArrayLike<number>, queryIds: Int32Array): boolean {
  const seen = new Map<number, number>();
  return rows.some((row) => {
    const query = queryIds[row] as number;
    const first = seen.get(query);
    if (first === undefined) seen.set(query, grades[row] as number);
    return first !== undefined && first !== grades[row];
  });
}
