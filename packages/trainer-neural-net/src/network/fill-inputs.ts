import type { InputScaler } from './network.ts';

/** A column-major matrix; NaN means unknown. */
export interface Values {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** Inputs end here, in standard deviations: a value unlike all training rows says "far out" and no more. */
export const INPUT_LIMIT = 10;
/** Infinite values count as this one, the largest float32. */
export const LARGEST = 3.4028234663852886e38;

/**
 * sign(x)·log1p(|x|): the logarithm for values of either sign, through 0 with slope 1.
 *
 * @example
 * signedLog(-99); // -4.605
 */
export function signedLog(x: number): number {
  return x < 0 ? -Math.log1p(-x) : Math.log1p(x);
}

/**
 * Writes the inputs of some rows, row by row: (t − mean)/σ in -10..10, where t is the value or its signed logarithm, 0 where it is NaN; then a 1
 * or 0 per flagged column.
 *
 * @param target `target[i * inputs + input]` for the i-th row
 * @param rowAt the matrix row of the i-th
 */
export function fillInputs(
  target: Float32Array | Float64Array,
  { columns, logarithmic, mean, scale, flagged }: InputScaler,
  source: Values & { readonly count: number; readonly rowAt: (i: number) => number },
): void {
  const { values, rows, count, rowAt } = source;
  const width = columns.length + flagged.length;
  for (let input = 0; input < columns.length; input++) {
    const start = (columns[input] as number) * rows;
    const isLogarithmic = logarithmic[input] === 1;
    const center = mean[input] as number;
    const factor = scale[input] as number;
    for (let i = 0; i < count; i++) {
      const value = values[start + rowAt(i)] as number;
      let scaled = 0;
      if (!Number.isNaN(value)) {
        const finite = Math.min(Math.max(value, -LARGEST), LARGEST);
        const t = isLogarithmic ? signedLog(finite) : finite;
        scaled = Math.min(Math.max((t - center) * factor, -INPUT_LIMIT), INPUT_LIMIT);
      }
      target[i * width + input] = scaled;
    }
  }
  for (let flag = 0; flag < flagged.length; flag++) {
    const start = (flagged[flag] as number) * rows;
    for (let i = 0; i < count; i++) {
      const isMissing = Number.isNaN(values[start + rowAt(i)]);
      target[i * width + columns.length + flag] = isMissing ? 1 : 0;
    }
  }
}
