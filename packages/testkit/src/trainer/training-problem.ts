import type { FeatureMatrix, TrainRequest } from '@risk-scoring/contract';
import type { FeatureMatrixOptions } from '../builders/make-feature-matrix.ts';
import { makeFeatureMatrix } from '../builders/make-feature-matrix.ts';

/** Something to learn: a matrix, labels, and rows divided by address. */
export interface TrainingProblem {
  readonly data: FeatureMatrix;
  readonly labels: Int8Array;
  readonly weights: Float32Array;
  readonly trainRows: Int32Array;
  readonly validationRows: Int32Array;
  /** Rows that no training may look at. */
  readonly holdoutRows: Int32Array;
}

/** Makes a problem; a fifth of the addresses is held out, another fifth is for validation. */
export function makeTrainingProblem(options: FeatureMatrixOptions = {}): TrainingProblem {
  const { data, labels, weights } = makeFeatureMatrix(1, options);
  const all = Int32Array.from({ length: data.rows }, (_, row) => row);
  const part = (row: number) => data.splitGroups[row] % 5;
  return {
    data,
    labels,
    weights,
    trainRows: all.filter((row) => part(row) > 1),
    validationRows: all.filter((row) => part(row) === 1),
    holdoutRows: all.filter((row) => part(row) === 0),
  };
}

/** The request that trains on a problem. */
export function requestOf(problem: TrainingProblem, overrides: Partial<TrainRequest> = {}): TrainRequest {
  const { data, labels, weights, trainRows, validationRows } = problem;
  return { data, labels, weights, trainRows, validationRows, seed: 42, ...overrides };
}

/** Train and validation rows together, ascending: what `prepare` may see. */
export function learningRows({ trainRows, validationRows }: TrainingProblem): Int32Array {
  return Int32Array.from([...trainRows, ...validationRows]).sort();
}

/** Every number of a problem that a training could write into. */
export function buffersOf({
  data,
  ...problem
}: TrainingProblem): Readonly<Record<string, ArrayLike<number>>> {
  return {
    values: data.values,
    'processing dates': data.keys.processingDates,
    'split groups': data.splitGroups,
    'query ids': data.queryIds,
    labels: problem.labels,
    weights: problem.weights,
    'train rows': problem.trainRows,
    'validation rows': problem.validationRows,
  };
}

/** The problem with poison in every row that a training must not look at: in its features, label and weight. */
export function poisonHoldout(problem: TrainingProblem): TrainingProblem {
  const { data, holdoutRows } = problem;
  const poison = [1e30, -1e30, Number.NaN, Number.POSITIVE_INFINITY, -12345];
  const values = data.values.slice();
  const labels = problem.labels.slice();
  const weights = problem.weights.slice();
  for (const row of holdoutRows) {
    for (let column = 0; column < data.columns.length; column++) {
      values[column * data.rows + row] = poison[(row + column) % poison.length] as number;
    }
    labels[row] = 1 - labels[row];
    weights[row] = 1e6;
  }
  return { ...problem, data: { ...data, values }, labels, weights };
}
