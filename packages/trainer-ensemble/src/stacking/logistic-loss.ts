import { setImmediate as nextTurn } from 'node:timers/promises';
import { sigmoid } from '../combination.ts';

/** A logistic regression to be fitted: z = intercept + Σ coefficient · column. */
export interface LogisticProblem {
  /** One number per row in each. */
  readonly columns: readonly Float64Array[];
  /** In 0..1: the share of a row's weight that is for class 1. */
  readonly targets: Float64Array;
  /** ≥ 0, not all 0. */
  readonly weights: Float64Array;
  /** λ of the penalty λ/2 · Σ coefficient²; the intercept has none. */
  readonly ridge: number;
  /** Whether coefficients stay at 0 or above. */
  readonly nonNegative: boolean;
}

/** Derivatives by the intercept, at index 0, and by each coefficient. */
export interface Derivatives {
  readonly gradient: number[];
  readonly hessian: number[][];
}

/** Rows that are gone through between two turns of the event loop: some milliseconds. */
const BLOCK = 1 << 16;

/** Total weight: losses and derivatives are means over it. */
export function totalWeight({ weights }: LogisticProblem): number {
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/**
 * The penalised mean cross-entropy Σ w (ln(1 + e^z) − t z) / Σ w + λ/2 · Σ coefficient², in a form that cannot overflow.
 *
 * @param point the intercept and the coefficients
 */
export async function lossAt(problem: LogisticProblem, point: readonly number[]): Promise<number> {
  const { columns, targets, weights, ridge } = problem;
  let loss = 0;
  for (let row = 0; row < targets.length; row++) {
    if (row % BLOCK === BLOCK - 1) await nextTurn();
    const z = scoreOf(columns, point, row);
    loss += weights[row] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[row] * z);
  }
  const squares = point.reduce((sum, value, k) => sum + (k > 0 ? value * value : 0), 0);
  return loss / totalWeight(problem) + (ridge / 2) * squares;
}

/** Gradient and Hessian of {@link lossAt}. */
export async function derivativesAt(
  problem: LogisticProblem,
  point: readonly number[],
): Promise<Derivatives> {
  const { columns, targets, weights, ridge } = problem;
  const gradient = point.map(() => 0);
  const hessian = point.map(() => point.map(() => 0));
  const values = point.map(() => 1);
  for (let row = 0; row < targets.length; row++) {
    if (row % BLOCK === BLOCK - 1) await nextTurn();
    const probability = sigmoid(scoreOf(columns, point, row));
    const error = weights[row] * (probability - targets[row]);
    const curvature = weights[row] * probability * (1 - probability);
    for (let k = 1; k < values.length; k++) values[k] = columns[k - 1][row];
    for (let k = 0; k < values.length; k++) {
      gradient[k] += error * values[k];
      const scaled = curvature * values[k];
      for (let j = 0; j <= k; j++) hessian[k][j] += scaled * values[j];
    }
  }
  const total = totalWeight(problem);
  for (let k = 0; k < values.length; k++) {
    gradient[k] = gradient[k] / total + (k > 0 ? ridge * point[k] : 0);
    for (let j = 0; j <= k; j++) {
      hessian[k][j] = hessian[k][j] / total + (j === k && k > 0 ? ridge : 0);
      hessian[j][k] = hessian[k][j];
    }
  }
  return { gradient, hessian };
}

function scoreOf(columns: readonly Float64Array[], point: readonly number[], row: number): number {
  let z = point[0];
  for (let k = 1; k < point.length; k++) z += point[k] * columns[k - 1][row];
  return z;
}
