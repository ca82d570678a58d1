import type { FeatureMatrix, TrainRequest } from '@risk-scoring/contract';

type Request = Omit<TrainRequest, 'counterWeights'> & { readonly counterWeights: Float32Array };

/** The same teaching without counter-weights: a matrix in which each row with one stands twice, the second time as the opposite class. */
export function standingTwice({ counterWeights, ...request }: Request): TrainRequest {
  const { data, labels, weights } = request;
  const rows: number[] = [];
  const isSecond: boolean[] = [];
  for (let row = 0; row < data.rows; row++) {
    rows.push(row);
    isSecond.push(false);
    if ((counterWeights[row] ?? 0) === 0) continue;
    rows.push(row);
    isSecond.push(true);
  }
  const value = (list: ArrayLike<number>, row: number) => list[row] ?? Number.NaN;
  const values = data.columns.flatMap((_, column) =>
    rows.map((row) => value(data.values, column * data.rows + row)),
  );
  const placesOf = (part: Int32Array) => {
    const wanted = new Set(part);
    return Int32Array.from(rows.keys()).filter((at) => wanted.has(value(rows, at)));
  };
  const matrix: FeatureMatrix = { ...data, values: Float32Array.from(values), rows: rows.length };
  return {
    ...request,
    data: matrix,
    trainRows: placesOf(request.trainRows),
    validationRows: placesOf(request.validationRows),
    labels: Int8Array.from(rows, (row, at) => (isSecond[at] ? 1 - value(labels, row) : value(labels, row))),
    weights: Float32Array.from(rows, (row, at) => value(isSecond[at] ? counterWeights : weights, row)),
  };
}
