import { fillInputs, type Values } from './fill-inputs.ts';
import { countInputs, type DenseLayer, type InputScaler, type Network } from './network.ts';

/** Rows that go through a layer together, so that its weights stay in the processor's cache; a multiple of four. */
const BLOCK_ROWS = 64;

/** A network laid out for scoring: doubles, and the weights of an output next to each other. */
export interface ScoringNetwork {
  readonly scaler: InputScaler;
  readonly layers: readonly ScoringLayer[];
}

/** A layer whose outputs are made an even number by one of zeros, which the next layer multiplies by zeros. */
interface ScoringLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** `weights[output * inputs + input]`. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
}

/** Which rows to score, and in which form. */
export interface ScoreRequest extends Values {
  readonly network: ScoringNetwork;
  /** Rows of the matrix; all when undefined. */
  readonly selected: Int32Array | undefined;
  /** The part of them to score: from `start` up to `end`. */
  readonly start: number;
  readonly end: number;
  readonly output: 'probability' | 'raw';
}

/** Lays a network out for {@link scoreRows}. */
export function toScoring({ scaler, layers }: Pick<Network, 'scaler' | 'layers'>): ScoringNetwork {
  let width = countInputs(scaler);
  return {
    scaler,
    layers: layers.map((layer) => {
      const laidOut = layOut(layer, width);
      width = laidOut.outputs;
      return laidOut;
    }),
  };
}

/** @param width inputs, with the zero that the layer before may have added */
function layOut({ inputs, outputs, weights, bias }: DenseLayer, width: number): ScoringLayer {
  const even = outputs + (outputs % 2);
  const turned = new Float64Array(width * even);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++)
      turned[output * width + input] = weights[input * outputs + output] as number;
  }
  const padded = new Float64Array(even);
  padded.set(bias);
  return { inputs: width, outputs: even, weights: turned, bias: padded };
}

/**
 * Raw scores, or the probabilities 1/(1 + exp(−raw)), in double precision. Each sum starts with the bias and goes through the inputs in order, so
 * that a row has the same bits alone as among others.
 */
export function scoreRows(request: ScoreRequest): Float64Array {
  const { network, values, rows, columns, selected, start, end, output } = request;
  const widest = Math.max(countInputs(network.scaler), ...network.layers.map((layer) => layer.outputs));
  let from = new Float64Array(BLOCK_ROWS * widest);
  let to = new Float64Array(BLOCK_ROWS * widest);
  const result = new Float64Array(end - start);
  for (let at = 0; at < result.length; at += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, result.length - at);
    const rowAt =
      selected === undefined
        ? (i: number) => start + at + i
        : (i: number) => selected[start + at + i] as number;
    fillInputs(from, network.scaler, { values, rows, columns, count, rowAt });
    for (const [index, layer] of network.layers.entries()) {
      passThrough(layer, { from, to, count, rectify: index < network.layers.length - 1 });
      [from, to] = [to, from];
    }
    const { outputs } = network.layers.at(-1) as ScoringLayer;
    for (let i = 0; i < count; i++) {
      const raw = from[i * outputs] as number;
      result[at + i] = output === 'raw' ? raw : logistic(raw);
    }
  }
  return result;
}

/** 1/(1 + exp(−raw)). */
export function logistic(raw: number): number {
  return 1 / (1 + Math.exp(-raw));
}

/**
 * One layer, four rows and two outputs at a time: eight sums that do not wait for one another. Past the last row of a block stands what an earlier
 * block left.
 */
function passThrough(
  { inputs, outputs, weights, bias }: ScoringLayer,
  block: {
    readonly from: Float64Array;
    readonly to: Float64Array;
    readonly count: number;
    readonly rectify: boolean;
  },
): void {
  const { from, to, count, rectify } = block;
  const least = rectify ? 0 : Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i += 4) {
    const row0 = i * inputs;
    const row1 = row0 + inputs;
    const row2 = row1 + inputs;
    const row3 = row2 + inputs;
    for (let output = 0; output < outputs; output += 2) {
      const firstA = output * inputs;
      const firstB = firstA + inputs;
      let a0 = bias[output] as number;
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = bias[output + 1] as number;
      let b1 = b0;
      let b2 = b0;
      let b3 = b0;
      for (let input = 0; input < inputs; input++) {
        const weightA = weights[firstA + input] as number;
        const weightB = weights[firstB + input] as number;
        const x0 = from[row0 + input] as number;
        const x1 = from[row1 + input] as number;
        const x2 = from[row2 + input] as number;
        const x3 = from[row3 + input] as number;
        a0 += weightA * x0;
        a1 += weightA * x1;
        a2 += weightA * x2;
        a3 += weightA * x3;
        b0 += weightB * x0;
        b1 += weightB * x1;
        b2 += weightB * x2;
        b3 += weightB * x3;
      }
      const at0 = i * outputs + output;
      const at1 = at0 + outputs;
      const at2 = at1 + outputs;
      const at3 = at2 + outputs;
      to[at0] = Math.max(a0, least);
      to[at1] = Math.max(a1, least);
      to[at2] = Math.max(a2, least);
      to[at3] = Math.max(a3, least);
      to[at0 + 1] = Math.max(b0, least);
      to[at1 + 1] = Math.max(b1, least);
      to[at2 + 1] = Math.max(b2, least);
      to[at3 + 1] = Math.max(b3, least);
    }
  }
}
