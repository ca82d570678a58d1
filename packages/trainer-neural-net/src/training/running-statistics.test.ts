import { describe, expect, it } from 'vitest';
import { planParameters } from './parameters.ts';
import { createRunningStatistics } from './running-statistics.ts';

const plan = planParameters({ inputs: 2, hiddenLayers: [1], batchNormalization: true });
// Weights 2 and −1, shift 0.5, gain 3; output weight 1.5, bias −1.
const parameters = Float32Array.of(2, -1, 0.5, 3, 1.5, -1);
const batch = (mean: number, variance: number) => [
  { mean: Float32Array.of(mean), variance: Float32Array.of(variance) },
];

describe('createRunningStatistics', () => {
  it('folds the normalisation into weights and biases', () => {
    const running = createRunningStatistics(plan);
    running.add(batch(0.25, 4 * (9 / 10)), 10);
    const [first, last] = running.fold(parameters);
    for (const [x, y] of [
      [1, 2],
      [-3, 0.5],
    ] as const) {
      const expected = (3 * (2 * x - y - 0.25)) / Math.sqrt(4 + 1e-5) + 0.5;
      const [a = 0, b = 0] = first?.weights ?? [];
      expect(a * x + b * y + (first?.bias[0] ?? 0)).toBeCloseTo(expected, 5);
    }
    expect(last).toEqual({
      inputs: 1,
      outputs: 1,
      weights: Float32Array.of(1.5),
      bias: Float32Array.of(-1),
    });
  });

  it('averages the first ten batches, then forgets one tenth with each', () => {
    const running = createRunningStatistics(plan);
    const mean = () => -(((running.fold(parameters)[0]?.bias[0] ?? 0) - 0.5) / 3) * Math.sqrt(1 + 1e-5);
    for (let i = 1; i <= 10; i++) running.add(batch(i, 0.999), 1000);
    expect(mean()).toBeCloseTo(5.5, 5);
    running.add(batch(15.5, 0.999), 1000);
    expect(mean()).toBeCloseTo(6.5, 5);
  });
});
