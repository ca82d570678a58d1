import type { TrainRequest } from '@risk-scoring/contract';
import { logistic } from '../network/score-rows.ts';

/** What rows teach: each with one weight as suspicious and one as normal. */
export interface Targets {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

/** Training rows and, behind them, validation rows. */
export interface Teaching extends Targets {
  /** Rows of the matrix. */
  readonly rows: Int32Array;
  /** How many of them are for training. */
  readonly trainCount: number;
}

/**
 * What each row teaches: its weight for its label, its counter-weight for the other. Rows without either are left out. Balanced, both classes have
 * the same sum over the training rows. The weights of the training rows are then scaled to a mean of 1.
 */
export function weighRows(
  request: Pick<TrainRequest, 'trainRows' | 'validationRows' | 'labels' | 'weights' | 'counterWeights'>,
  classWeight: 'balanced' | undefined,
): Teaching {
  const { labels, weights, counterWeights } = request;
  const weigh = (row: number, label: number) =>
    (labels[row] === label ? weights[row] : counterWeights?.[row]) ?? 0;
  const taught = (rows: Int32Array) => rows.filter((row) => weigh(row, 1) + weigh(row, 0) > 0);
  const train = taught(request.trainRows);
  const validation = taught(request.validationRows);
  const rows = new Int32Array(train.length + validation.length);
  rows.set(train);
  rows.set(validation, train.length);
  const sums = [0, 1].map((label) => train.reduce((sum, row) => sum + weigh(row, label), 0)) as [
    number,
    number,
  ];
  const factors = sums.map((sum) =>
    classWeight === 'balanced' ? train.length / 2 / sum : train.length / (sums[0] + sums[1]),
  ) as [number, number];
  return {
    rows,
    trainCount: train.length,
    positive: Float64Array.from(rows, (row) => factors[1] * weigh(row, 1)),
    negative: Float64Array.from(rows, (row) => factors[0] * weigh(row, 0)),
  };
}

/**
 * The weighted binary cross-entropy Σ(a·log(1 + exp(−z)) + b·log(1 + exp(z))) / Σ(a + b), where z is the raw score, a the weight as suspicious and b
 * the weight as normal. A row of weight 2 counts as two rows.
 */
export function weightedLogLoss(raw: ArrayLike<number>, { positive, negative }: Targets): number {
  let loss = 0;
  let sum = 0;
  for (let i = 0; i < raw.length; i++) {
    const z = raw[i] as number;
    const [a, b] = [positive[i] as number, negative[i] as number];
    const small = Math.log1p(Math.exp(-Math.abs(z)));
    loss += a * (Math.max(-z, 0) + small) + b * (Math.max(z, 0) + small);
    sum += a + b;
  }
  return loss / sum;
}

/**
 * ∂/∂z of the cross-entropy of each row of a batch, over the rows of the batch: ((a + b)·σ(z) − a)/n.
 *
 * @param batch the rows' places in `targets`
 */
export function lossSlopes(
  raw: Float32Array,
  batch: Int32Array,
  { positive, negative }: Targets,
): Float32Array {
  return raw.map((z, i) => {
    const [a, b] = [positive[batch[i] as number] as number, negative[batch[i] as number] as number];
    return ((a + b) * logistic(z) - a) / batch.length;
  });
}

/** log(Σa/Σb) of the first rows, which a network without inputs would score. */
export function logOdds({ positive, negative, trainCount }: Teaching): number {
  const sum = (list: Float64Array) =>
    list.subarray(0, trainCount).reduce((total, weight) => total + weight, 0);
  return Math.log(sum(positive) / sum(negative));
}
