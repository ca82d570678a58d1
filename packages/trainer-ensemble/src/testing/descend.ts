import type { LogisticProblem } from '../stacking/logistic-loss.ts';

/**
 * Another way to the least penalised mean cross-entropy: gradient descent with momentum (Nesterov 1983), each step put back to where coefficients
 * are ≥ 0 if they have to be. Knows nothing of second derivatives.
 */
export function descend(problem: LogisticProblem, { steps = 6000, length = 0.3 } = {}): number[] {
  const { columns, targets, weights, ridge, nonNegative } = problem;
  let point = [0, ...columns.map(() => 0)];
  let ahead = point;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let step = 1; step <= steps; step++) {
    const gradient = ahead.map((value, k) => (k === 0 ? 0 : ridge * value));
    for (let row = 0; row < targets.length; row++) {
      let z = ahead[0];
      for (let k = 1; k < ahead.length; k++) z += ahead[k] * columns[k - 1][row];
      const error = (weights[row] / total) * (1 / (1 + Math.exp(-z)) - targets[row]);
      gradient[0] += error;
      for (let k = 1; k < ahead.length; k++) gradient[k] += error * columns[k - 1][row];
    }
    const next = ahead.map((value, k) => {
      const moved = value - length * gradient[k];
      return nonNegative && k > 0 ? Math.max(0, moved) : moved;
    });
    const before = point;
    // Momentum that turned uphill starts anew.
    const uphill = gradient.reduce((sum, slope, k) => sum + slope * (next[k] - before[k]), 0) > 0;
    ahead = uphill ? next : next.map((value, k) => value + 0.9 * (value - before[k]));
    point = next;
  }
  return point;
}
