// The training loss of a batch in plain double precision: what gradients are compared with, by finite differences.

/** A batch and the shape of the network. */
export interface PlainBatch {
  readonly rows: readonly (readonly number[])[];
  /** Weight as suspicious and as normal, per row. */
  readonly positive: readonly number[];
  readonly negative: readonly number[];
  /** Units of the hidden layers. */
  readonly hidden: readonly number[];
  readonly normalizes: boolean;
  /** Per hidden layer, rows × units. */
  readonly masks: readonly ArrayLike<number>[] | undefined;
}

/**
 * The mean over the rows of a·log(1 + exp(−z)) + b·log(1 + exp(z)). Parameters: per layer weights, row-major, then shifts, then gains where it is
 * normalised.
 */
export function plainLoss(parameters: readonly number[], batch: PlainBatch): number {
  let next = 0;
  const take = (count: number) => {
    next += count;
    return parameters.slice(next - count, next);
  };
  const at = (list: ArrayLike<number>, index: number) => list[index] ?? Number.NaN;
  let activations = batch.rows;
  for (const [layer, units] of [...batch.hidden, 1].entries()) {
    const isLast = layer === batch.hidden.length;
    const weights = take((activations[0]?.length ?? 0) * units);
    const shifts = take(units);
    const gains = batch.normalizes && !isLast ? take(units) : undefined;
    const products = activations.map((row) =>
      shifts.map((_, unit) => row.reduce((sum, x, input) => sum + x * at(weights, input * units + unit), 0)),
    );
    const count = products.length;
    const means = shifts.map((_, unit) => products.reduce((sum, row) => sum + at(row, unit), 0) / count);
    const variances = shifts.map(
      (_, unit) => products.reduce((sum, row) => sum + (at(row, unit) - at(means, unit)) ** 2, 0) / count,
    );
    activations = products.map((row, i) =>
      row.map((h, unit) => {
        const normal = (h - at(means, unit)) / Math.sqrt(at(variances, unit) + 1e-5);
        const sum = (gains === undefined ? h : normal * at(gains, unit)) + at(shifts, unit);
        if (isLast) return sum;
        const mask = batch.masks?.[layer];
        return Math.max(0, sum) * (mask === undefined ? 1 : at(mask, i * units + unit));
      }),
    );
  }
  const losses = activations.map(
    ([z = Number.NaN], i) =>
      at(batch.positive, i) * Math.log1p(Math.exp(-z)) + at(batch.negative, i) * Math.log1p(Math.exp(z)),
  );
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** ∂loss/∂parameter by central differences. */
export function plainGradient(parameters: readonly number[], batch: PlainBatch): number[] {
  const step = 1e-6;
  return parameters.map((parameter, i) => {
    const above = plainLoss(parameters.with(i, parameter + step), batch);
    const below = plainLoss(parameters.with(i, parameter - step), batch);
    return (above - below) / (2 * step);
  });
}
