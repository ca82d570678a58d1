import { CancelledError, createRandom } from '@risk-scoring/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descend } from '../testing/descend.ts';
import { fitLogistic } from './fit-logistic.ts';
import type { LogisticProblem } from './logistic-loss.ts';

/** Two columns that tell the targets, one that tells them upside down, all alike. */
function makeProblem(seed: number, changes: Partial<LogisticProblem> = {}): LogisticProblem {
  const random = createRandom(seed, 'logistic');
  const rows = 150;
  const truth = Float64Array.from({ length: rows }, () => 2 * random.normal());
  const noisy = (factor: number) => truth.map((z) => factor * z + random.normal());
  return {
    columns: [noisy(1), noisy(0.5), noisy(-0.7)],
    targets: truth.map((z) => (z + random.normal() > 0 ? 1 : 0)),
    weights: truth.map(() => random.next()),
    ridge: 1e-3,
    nonNegative: false,
    ...changes,
  };
}

async function fit(problem: LogisticProblem): Promise<number[]> {
  const { intercept, coefficients } = await fitLogistic(problem);
  return [intercept, ...coefficients];
}

const largestGap = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe('fitLogistic', () => {
  it('finds the published coefficients of hours of study and a passed exam', async () => {
    // Twenty students (en.wikipedia.org/wiki/Logistic_regression): intercept -4.0777, slope 1.5046.
    const hours = [
      0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5,
    ];
    const passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];
    const problem = {
      columns: [Float64Array.from(hours)],
      targets: Float64Array.from(passed),
      weights: new Float64Array(20).fill(1),
      nonNegative: false,
      ridge: 0,
    };
    const [intercept, slope] = await fit(problem);
    expect(intercept).toBeCloseTo(-4.0777, 4);
    expect(slope).toBeCloseTo(1.5046, 4);
  });

  it.each([false, true])('finds what gradient descent comes to, non-negative: %s', async (nonNegative) => {
    const problem = makeProblem(1, { nonNegative });
    const found = await fit(problem);
    expect(largestGap(found, descend(problem))).toBeLessThan(1e-7);
    if (nonNegative) expect(found[3]).toBe(0);
    else expect(found[3]).toBeLessThan(-0.05);
  });

  it('takes a weight for as many rows, and a target between for both classes', async () => {
    const problem = makeProblem(2);
    const weights = problem.weights.map((weight) => Math.ceil(3 * weight));
    const targets = problem.targets.map((target, row) => (row % 4 === 0 ? 0.5 : target));
    const halves = [...targets.keys()].flatMap((row) => {
      const shares = targets[row] === 0.5 ? [0, 1] : [targets[row], targets[row]];
      return shares.flatMap((target) =>
        new Array<{ row: number; target: number }>(weights[row]).fill({ row, target }),
      );
    });
    const spread: LogisticProblem = {
      ...problem,
      columns: problem.columns.map((column) => Float64Array.from(halves, ({ row }) => column[row])),
      targets: Float64Array.from(halves, ({ target }) => target),
      weights: new Float64Array(halves.length).fill(1),
    };
    expect(largestGap(await fit({ ...problem, weights, targets }), await fit(spread))).toBeLessThan(1e-9);
  });

  it('shares a coefficient out between columns that are equal, and stays finite where classes are apart', async () => {
    const { columns, ...rest } = makeProblem(3);
    const [, first, second] = await fit({ ...rest, columns: [columns[0], columns[0]] });
    expect(first).toBeCloseTo(second, 9);
    const apart = columns[0].map((value) => 30 * Math.sign(value));
    const targets = apart.map((value) => (value > 0 ? 1 : 0));
    const [, steep] = await fit({ ...rest, columns: [apart], targets });
    expect(steep).toBeGreaterThan(0.1);
    expect(steep).toBeLessThan(10);
  });

  it('comes to a point from which no direction that is allowed leads down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 10_000 }), fc.boolean(), async (seed, nonNegative) => {
        const problem = makeProblem(seed, { nonNegative, ridge: 1e-4 });
        const point = await fit(problem);
        const { columns, targets, weights, ridge } = problem;
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const gradient = point.map((value, k) => {
          let slope = k === 0 ? 0 : ridge * value;
          for (const [row, target] of targets.entries()) {
            const z = columns.reduce((sum, column, i) => sum + column[row] * point[i + 1], point[0]);
            slope +=
              (weights[row] / total) *
              (1 / (1 + Math.exp(-z)) - target) *
              (k === 0 ? 1 : columns[k - 1][row]);
          }
          return slope;
        });
        for (const [k, slope] of gradient.entries()) {
          const isAtBound = nonNegative && k > 0 && point[k] === 0;
          if (nonNegative && k > 0) expect(point[k]).toBeGreaterThanOrEqual(0);
          if (isAtBound) expect(slope).toBeGreaterThan(-1e-9);
          else expect(Math.abs(slope)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('refuses columns that are no numbers, and stops when it is told to', async () => {
    const problem = makeProblem(4);
    const columns = [problem.columns[0].with(5, Number.NaN)];
    await expect(fitLogistic({ ...problem, columns })).rejects.toMatchObject({ code: 'ENSEMBLE_STACKING' });
    await expect(fitLogistic(problem, AbortSignal.abort())).rejects.toThrow(CancelledError);
  });
});
