import type { Random } from '@risk-scoring/contract';

/** Where the parameters of one layer lie in the flat list of all. */
export interface LayerParameters {
  readonly inputs: number;
  readonly outputs: number;
  /** Start of inputs × outputs weights, row-major. */
  readonly weights: number;
  /** Start of the outputs' biases; of a normalised layer, of its shifts β. */
  readonly shifts: number;
  /** Start of a normalised layer's gains γ. */
  readonly gains: number | undefined;
}

/** The parameters of a network under training. */
export interface ParameterPlan {
  readonly layers: readonly LayerParameters[];
  readonly size: number;
}

/** Lays the parameters of hidden layers and the output layer out, one after the other. */
export function planParameters(options: {
  readonly inputs: number;
  readonly hiddenLayers: readonly number[];
  readonly batchNormalization: boolean;
}): ParameterPlan {
  const { hiddenLayers, batchNormalization } = options;
  const layers: LayerParameters[] = [];
  let { inputs } = options;
  let size = 0;
  const take = (count: number) => {
    size += count;
    return size - count;
  };
  for (const [index, outputs] of [...hiddenLayers, 1].entries()) {
    const isNormalized = batchNormalization && index < hiddenLayers.length;
    layers.push({
      inputs,
      outputs,
      weights: take(inputs * outputs),
      shifts: take(outputs),
      gains: isNormalized ? take(outputs) : undefined,
    });
    inputs = outputs;
  }
  return { layers, size };
}

/**
 * Parameters to begin with: weights of hidden layers with the variance 2/inputs of He and others (2015, "Delving Deep into Rectifiers",
 * section 2.2); those of the output layer, which no ReLU follows, with 1/inputs; gains of 1, biases of 0 but for the output's.
 *
 * @param options.bias of the output: the log-odds of the training rows
 */
export function initialParameters(
  { layers, size }: ParameterPlan,
  { random, bias }: { readonly random: Random; readonly bias: number },
): Float32Array {
  const parameters = new Float32Array(size);
  for (const [index, { inputs, outputs, weights, shifts, gains }] of layers.entries()) {
    const isLast = index === layers.length - 1;
    const deviation = Math.sqrt((isLast ? 1 : 2) / inputs);
    for (let i = 0; i < inputs * outputs; i++) parameters[weights + i] = deviation * random.normal();
    if (gains !== undefined) parameters.fill(1, gains, gains + outputs);
    if (isLast) parameters[shifts] = bias;
  }
  return parameters;
}

/** 1 for each weight, 0 for biases, shifts and gains: what weight decay applies to. */
export function decaying({ layers, size }: ParameterPlan): Uint8Array {
  const decays = new Uint8Array(size);
  for (const { inputs, outputs, weights } of layers) decays.fill(1, weights, weights + inputs * outputs);
  return decays;
}
