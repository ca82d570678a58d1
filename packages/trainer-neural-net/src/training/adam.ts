/** Decay rates of the two moments and the guard of the division, as the paper proposes. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam (Kingma, Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1) over a flat list of parameters, with the decoupled weight
 * decay of Loshchilov and Hutter (2019, algorithm 2).
 *
 * @param options.decays 1 for each parameter that decays
 * @returns a step: changes `parameters` in place
 * @example
 * const step = createAdam({ learningRate: 1e-3, weightDecay: 0, decays: new Uint8Array(2) });
 * step(parameters, gradient);
 */
export function createAdam(options: {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly decays: Uint8Array;
}): (parameters: Float32Array, gradient: Float32Array) => void {
  const { learningRate, weightDecay, decays } = options;
  const first = new Float64Array(decays.length);
  const second = new Float64Array(decays.length);
  let steps = 0;
  return (parameters, gradient) => {
    steps += 1;
    const unbias1 = 1 / (1 - BETA_1 ** steps);
    const unbias2 = 1 / (1 - BETA_2 ** steps);
    for (let i = 0; i < parameters.length; i++) {
      const slope = gradient[i] as number;
      const m = BETA_1 * (first[i] as number) + (1 - BETA_1) * slope;
      const v = BETA_2 * (second[i] as number) + (1 - BETA_2) * slope * slope;
      first[i] = m;
      second[i] = v;
      const step = (m * unbias1) / (Math.sqrt(v * unbias2) + EPSILON);
      const decay = weightDecay * (decays[i] as number) * (parameters[i] as number);
      parameters[i] = (parameters[i] as number) - learningRate * (step + decay);
    }
  };
}
