import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled } from '@risk-scoring/contract';
import { EnsembleStackingError } from '../errors.ts';
import {
  type Derivatives,
  derivativesAt,
  type LogisticProblem,
  lossAt,
  totalWeight,
} from './logistic-loss.ts';
import { solvePositive } from './solve-positive.ts';

/** What is fitted: z = intercept + Σ coefficient · column. */
export interface LogisticFit {
  readonly intercept: number;
  readonly coefficients: readonly number[];
}

const ITERATIONS = 200;
/** Of the gradient, in units of the columns. */
const TOLERANCE = 1e-11;
/** Accepted where rounding lets it come no nearer. */
const ROUGH_TOLERANCE = 1e-7;
/** Coefficients this near to 0 that want to fall are held there. */
const NEAR_BOUND = 1e-3;
/** Keeps the Hessian invertible where all probabilities are 0 or 1. */
const SMALLEST_CURVATURE = 1e-12;
/** Of the decrease that the gradient promises (Armijo). */
const SUFFICIENT_DECREASE = 1e-4;
const SHORTEST_STEP = 1e-10;
/** A loss that is this much higher, relatively, is equal but for rounding. */
const ROUNDING = 1e-14;

/**
 * A weighted logistic regression with a ridge penalty: the intercept and coefficients of least penalised mean cross-entropy. The loss is
 * strictly convex, so there is one such point, and each run finds the same bits.
 *
 * Newton's method with backtracking, projected on coefficients ≥ 0 where they are to be so (Bertsekas 1982, "Projected Newton methods for
 * optimization problems with simple constraints", SIAM J. Control Optim. 20). Lets the event loop run now and then.
 *
 * @throws {EnsembleStackingError} where it comes to no end: columns that are not finite
 * @throws {CancelledError} when the signal aborts
 * @example
 * await fitLogistic({ columns: [hours], targets: passed, weights, ridge: 0, nonNegative: false });
 */
export async function fitLogistic(problem: LogisticProblem, signal?: AbortSignal): Promise<LogisticFit> {
  const total = totalWeight(problem);
  const positive = problem.targets.reduce((sum, target, row) => sum + target * problem.weights[row], 0);
  let point = [Math.log(positive / (total - positive)), ...problem.columns.map(() => 0)];
  let loss = await lossAt(problem, point);
  let size = Number.POSITIVE_INFINITY;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    await nextTurn();
    throwIfCancelled(signal, 'stacking the members');
    const derivatives = await derivativesAt(problem, point);
    size = distanceFromOptimum(problem, point, derivatives.gradient);
    if (size <= TOLERANCE) return fitOf(point);
    const next = await step(problem, { point, loss, derivatives, size });
    if (next === undefined) break;
    ({ point, loss } = next);
  }
  if (size <= ROUGH_TOLERANCE) return fitOf(point);
  throw new EnsembleStackingError({
    expected: 'coefficients that fit the log-odds of the members best',
    found: `none after ${ITERATIONS} steps, with a loss of ${loss}`,
    remedy: 'look for a member whose probabilities are no numbers, or raise the ridge',
  });
}

function fitOf([intercept, ...coefficients]: readonly number[]): LogisticFit {
  return { intercept, coefficients };
}

/** Whether a coordinate must not fall below 0: any but the intercept. */
function isBounded({ nonNegative }: LogisticProblem, index: number): boolean {
  return nonNegative && index > 0;
}

/** The largest change by a step down the gradient that stays within the bounds: 0 at the optimum alone. */
function distanceFromOptimum(
  problem: LogisticProblem,
  point: readonly number[],
  gradient: readonly number[],
): number {
  const changes = point.map((value, k) =>
    isBounded(problem, k) ? Math.abs(value - Math.max(0, value - gradient[k])) : Math.abs(gradient[k]),
  );
  return changes.reduce((largest, change) => Math.max(largest, Number.isNaN(change) ? Infinity : change), 0);
}

interface State {
  readonly point: number[];
  readonly loss: number;
  readonly derivatives: Derivatives;
  readonly size: number;
}

/** One projected Newton step, shortened until the loss falls enough; undefined where none is short enough. */
async function step(
  problem: LogisticProblem,
  { point, loss, derivatives: { gradient, hessian }, size }: State,
): Promise<Pick<State, 'point' | 'loss'> | undefined> {
  const near = Math.min(NEAR_BOUND, size);
  const held = point.map((value, k) => isBounded(problem, k) && value <= near && gradient[k] > 0);
  const free = point.map((_, k) => k).filter((k) => !held[k]);
  const block = free.map((k) => free.map((j) => hessian[k][j] + (j === k ? SMALLEST_CURVATURE : 0)));
  const newton = solvePositive(
    block,
    free.map((k) => -gradient[k]),
  );
  if (newton === undefined) return undefined;
  const direction = gradient.map((slope, k) => -slope / (hessian[k][k] + SMALLEST_CURVATURE));
  for (const [i, k] of free.entries()) direction[k] = newton[i];
  for (let length = 1; length >= SHORTEST_STEP; length /= 2) {
    const next = point.map((value, k) => {
      const moved = value + length * direction[k];
      return isBounded(problem, k) ? Math.max(0, moved) : moved;
    });
    const promised = gradient.reduce(
      (sum, slope, k) => sum + slope * (held[k] ? next[k] - point[k] : length * direction[k]),
      0,
    );
    const nextLoss = await lossAt(problem, next);
    if (nextLoss <= loss + SUFFICIENT_DECREASE * promised + ROUNDING * loss)
      return { point: next, loss: nextLoss };
  }
  return undefined;
}
