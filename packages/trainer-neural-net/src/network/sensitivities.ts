import { fillInputs, type Values } from './fill-inputs.ts';
import { countInputs, type Network } from './network.ts';

/** Rows that are looked at; more would change little. */
const MOST_ROWS = 2000;

/**
 * How much the raw score moves with each feature: the mean of |∂raw/∂input| over up to 2,000 of the rows, evenly spread, in scores per standard
 * deviation of the scaled feature; and where NaN is flagged, the same of the flag times the flag's standard deviation in addition. A gradient
 * measures where a score is steep, not what the model would lose without the feature.
 *
 * @returns one number ≥ 0 per feature
 */
export function sensitivities(
  { featureNames, scaler, layers }: Network,
  source: Values & { readonly selected: Int32Array },
): number[] {
  const inputs = countInputs(scaler);
  const count = Math.min(MOST_ROWS, source.selected.length);
  const rowAt = (i: number) => source.selected[Math.floor((i * source.selected.length) / count)] as number;
  const block = new Float64Array(count * inputs);
  fillInputs(block, scaler, { ...source, count, rowAt });
  const steepness = new Float64Array(inputs);
  for (let i = 0; i < count; i++) {
    const slopes = gradientOf(layers, block.subarray(i * inputs, (i + 1) * inputs));
    for (let input = 0; input < inputs; input++)
      steepness[input] = (steepness[input] as number) + Math.abs(slopes[input] as number) / count;
  }
  const importances = featureNames.map(() => 0);
  const add = (column: number, amount: number) => {
    importances[column] = (importances[column] ?? 0) + amount;
  };
  for (const [input, column] of scaler.columns.entries()) add(column, steepness[input] as number);
  for (const [flag, column] of scaler.flagged.entries()) {
    const input = scaler.columns.length + flag;
    let share = 0;
    for (let i = 0; i < count; i++) share += (block[i * inputs + input] as number) / count;
    add(column, (steepness[input] as number) * Math.sqrt(share * (1 - share)));
  }
  return importances;
}

/** ∂raw/∂input of one row, back through the layers. */
function gradientOf(layers: Network['layers'], row: Float64Array): Float64Array {
  const activations: Float64Array[] = [row];
  for (const { inputs, outputs, weights, bias } of layers) {
    const from = activations.at(-1) as Float64Array;
    const to = Float64Array.from(bias);
    for (let input = 0; input < inputs; input++) {
      const value = from[input] as number;
      if (value === 0) continue;
      for (let output = 0; output < outputs; output++)
        to[output] = (to[output] as number) + value * (weights[input * outputs + output] as number);
    }
    if (activations.length < layers.length) for (const [i, x] of to.entries()) to[i] = Math.max(x, 0);
    activations.push(to);
  }
  let slopes = Float64Array.of(1);
  for (let index = layers.length - 1; index >= 0; index--) {
    const { inputs, outputs, weights } = layers[index] as Network['layers'][number];
    const from = activations[index] as Float64Array;
    const before = new Float64Array(inputs);
    for (let input = 0; input < inputs; input++) {
      // A unit below its threshold passes nothing on; inputs have none.
      if (index > 0 && (from[input] as number) <= 0) continue;
      let sum = 0;
      for (let output = 0; output < outputs; output++)
        sum += (weights[input * outputs + output] as number) * (slopes[output] as number);
      before[input] = sum;
    }
    slopes = before;
  }
  return slopes;
}
