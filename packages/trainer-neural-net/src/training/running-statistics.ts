import type { DenseLayer } from '../network/network.ts';
import type { ParameterPlan } from './parameters.ts';

/** Added to variances, as Ioffe and Szegedy do (2015, "Batch Normalization", algorithm 1). */
export const VARIANCE_GUARD = 1e-5;
/** Share that a batch has in the running statistics, once there were ten. */
const NEWEST_SHARE = 0.1;

/** Mean and population variance of each unit of a layer in one batch. */
export interface BatchStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** Running mean and variance of the units of each normalised layer: what stands for a batch's own in scoring. */
export interface RunningStatistics {
  /** Takes in what a training step saw, one entry per normalised layer. */
  add(batch: readonly BatchStatistics[], rows: number): void;
  /** The network as it scores: parameters with the normalisation folded into weights and biases. */
  fold(parameters: Float32Array): DenseLayer[];
}

/**
 * Keeps running statistics: the plain average of the first ten batches, from then on an exponential one. Variances are the unbiased estimates, as
 * the paper's algorithm 2 takes them.
 */
export function createRunningStatistics({ layers }: ParameterPlan): RunningStatistics {
  const kept = layers
    .filter(({ gains }) => gains !== undefined)
    .map(({ outputs }) => ({
      mean: new Float64Array(outputs),
      variance: new Float64Array(outputs).fill(1),
    }));
  let batches = 0;

  return {
    add(batch, rows) {
      batches += 1;
      const share = Math.max(NEWEST_SHARE, 1 / batches);
      const unbias = rows > 1 ? rows / (rows - 1) : 1;
      for (const [layer, { mean, variance }] of batch.entries()) {
        const running = kept[layer];
        if (running === undefined) continue;
        for (let unit = 0; unit < mean.length; unit++) {
          const [m, v] = [running.mean[unit] as number, running.variance[unit] as number];
          running.mean[unit] = m + share * ((mean[unit] as number) - m);
          running.variance[unit] = v + share * ((variance[unit] as number) * unbias - v);
        }
      }
    },
    fold: (parameters) =>
      layers.map(({ inputs, outputs, weights, shifts, gains }, layer) => {
        const folded = parameters.slice(weights, weights + inputs * outputs);
        const bias = parameters.slice(shifts, shifts + outputs);
        const running = kept[layer];
        if (gains === undefined || running === undefined) return { inputs, outputs, weights: folded, bias };
        // γ(h − μ)/σ + β with h = x·W is x·(W γ/σ) + (β − μ γ/σ).
        for (let unit = 0; unit < outputs; unit++) {
          const deviation = Math.sqrt((running.variance[unit] as number) + VARIANCE_GUARD);
          const factor = (parameters[gains + unit] as number) / deviation;
          bias[unit] = (bias[unit] as number) - (running.mean[unit] as number) * factor;
          for (let input = 0; input < inputs; input++) {
            const at = input * outputs + unit;
            folded[at] = (folded[at] as number) * factor;
          }
        }
        return { inputs, outputs, weights: folded, bias };
      }),
  };
}
