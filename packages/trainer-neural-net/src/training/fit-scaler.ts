import { signedLog, type Values } from '../network/fill-inputs.ts';
import type { InputScaler } from '../network/network.ts';

/** From here on a distribution counts as highly skewed (Bulmer 1979, "Principles of Statistics", chapter 4). */
const HIGH_SKEWNESS = 1;

interface Moments {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
}

/**
 * Learns from the training rows how to scale: mean and standard deviation of each column's finite values, after the signed logarithm where the values
 * are highly skewed and it makes them less so. A column whose finite values are all the same gets no scaled input; one that is NaN in some of the
 * rows, but not in all, gets a flag.
 *
 * @param rows the training rows
 * @param between called before each column; what it throws ends the work
 * @example
 * fitScaler({ values: Float32Array.of(1, 2, 3), rows: 3, columns: 1 }, Int32Array.of(0, 1, 2)).mean; // [2]
 */
export function fitScaler(
  { values, rows: height, columns: width }: Values,
  rows: Int32Array,
  between: () => void = () => {},
): InputScaler {
  const columns: number[] = [];
  const logarithmic: number[] = [];
  const mean: number[] = [];
  const scale: number[] = [];
  const flagged: number[] = [];
  const known = new Float64Array(rows.length);
  for (let column = 0; column < width; column++) {
    between();
    let finite = 0;
    let missing = 0;
    for (const row of rows) {
      const value = values[column * height + row] as number;
      if (Number.isFinite(value)) known[finite++] = value;
      else if (Number.isNaN(value)) missing += 1;
    }
    if (missing > 0 && missing < rows.length) flagged.push(column);
    const list = known.subarray(0, finite);
    if (list.every((value) => value === list[0])) continue;
    const plain = momentsOf(list);
    const curved = Math.abs(plain.skewness) > HIGH_SKEWNESS ? momentsOf(list.map(signedLog)) : plain;
    const takesLog = Math.abs(curved.skewness) < Math.abs(plain.skewness);
    const taken = takesLog ? curved : plain;
    columns.push(column);
    logarithmic.push(Number(takesLog));
    mean.push(taken.mean);
    scale.push(1 / taken.deviation);
  }
  return {
    columns: Int32Array.from(columns),
    logarithmic: Uint8Array.from(logarithmic),
    mean: Float64Array.from(mean),
    scale: Float64Array.from(scale),
    flagged: Int32Array.from(flagged),
  };
}

/** Mean, population standard deviation and the third standardised moment. */
function momentsOf(list: Float64Array): Moments {
  let sum = 0;
  for (const value of list) sum += value;
  const mean = sum / list.length;
  let squares = 0;
  for (const value of list) squares += (value - mean) * (value - mean);
  const deviation = Math.sqrt(squares / list.length);
  let cubes = 0;
  for (const value of list) {
    const z = (value - mean) / deviation;
    cubes += z * z * z;
  }
  return { mean, deviation, skewness: cubes / list.length };
}
