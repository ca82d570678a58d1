import { InvalidInputError, SingleClassError } from '../errors.ts';
import type { TrainRequest } from '../model-trainer.ts';

type Teaching = Pick<TrainRequest, 'labels' | 'weights' | 'counterWeights'>;
type TaughtRequest = Teaching &
  Pick<TrainRequest, 'trainRows' | 'validationRows'> & { readonly rows: number };

/**
 * Refuses labels and weights that nothing can be learned from. A class is there if some training row of it has a weight, or one of
 * the other class has a counter-weight.
 *
 * @throws {InvalidInputError} where a row has no label, a weight or counter-weight is negative or not finite, or they sum to 0
 * @throws {SingleClassError} where the training rows teach one class only
 * @example
 * checkTeaching({ rows: 2, trainRows: Int32Array.of(0, 1), validationRows: new Int32Array(), labels: Int8Array.of(0, 1), weights: Float32Array.of(1, 1) });
 */
export function checkTeaching(request: TaughtRequest): void {
  checkLengths(request);
  for (const [what, rows] of [
    ['training', request.trainRows],
    ['validation', request.validationRows],
  ] as const) {
    if (rows.length === 0) continue;
    checkLabelled(what, rows, request.labels);
    checkWeights(what, rows, request);
  }
  const positives = countTaught(request, 1);
  const negatives = countTaught(request, 0);
  if (positives === 0 || negatives === 0)
    throw new SingleClassError({ where: 'the training rows', positives, negatives });
}

function checkLengths({ rows, labels, weights, counterWeights }: TaughtRequest): void {
  for (const [what, list] of Object.entries({ labels, weights, 'counter-weights': counterWeights })) {
    if (list === undefined || list.length === rows) continue;
    throw new InvalidInputError({
      what: `The list of ${what}`,
      expected: `${rows} numbers, one per row of the matrix`,
      found: `${list.length} numbers`,
    });
  }
}

function checkLabelled(what: string, rows: Int32Array, labels: Int8Array): void {
  const unlabelled = rows.reduce((sum, row) => sum + (labels[row] === 0 || labels[row] === 1 ? 0 : 1), 0);
  if (unlabelled === 0) return;
  throw new InvalidInputError({
    what: `The ${what} rows`,
    expected: 'rows labelled 1 or 0',
    found: `${unlabelled} rows without a label`,
  });
}

function checkWeights(what: string, rows: Int32Array, { weights, counterWeights }: Teaching): void {
  let sum = 0;
  for (const [name, list] of Object.entries({ weight: weights, 'counter-weight': counterWeights })) {
    if (list === undefined) continue;
    const wrong = rows.find((row) => !(Number.isFinite(list[row]) && (list[row] as number) >= 0));
    if (wrong !== undefined) {
      throw new InvalidInputError({
        what: `A ${name} of the ${what} rows`,
        expected: 'a finite number ≥ 0',
        found: `${list[wrong]} in row ${wrong}`,
      });
    }
    for (const row of rows) sum += list[row] as number;
  }
  if (sum > 0) return;
  throw new InvalidInputError({
    what: `The weights of the ${what} rows`,
    expected: 'a sum above 0',
    found: `0 in all ${rows.length} rows`,
  });
}

/** How many training rows teach a class, with a weight or a counter-weight. */
function countTaught({ trainRows, labels, weights, counterWeights }: TaughtRequest, label: number): number {
  return trainRows.reduce((sum, row) => {
    const weight = labels[row] === label ? weights[row] : counterWeights?.[row];
    return sum + ((weight ?? 0) > 0 ? 1 : 0);
  }, 0);
}
