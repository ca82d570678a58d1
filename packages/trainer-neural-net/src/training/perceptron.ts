import type { Rank, Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { DenseLayer } from '../network/network.ts';
import type { LayerParameters, ParameterPlan } from './parameters.ts';
import { type BatchStatistics, VARIANCE_GUARD } from './running-statistics.ts';
import { tf } from './tensorflow.ts';

/** One training step's forward and backward pass. */
export interface PassRequest {
  readonly plan: ParameterPlan;
  readonly parameters: Float32Array;
  /** Row-major, rows × inputs of the first layer. */
  readonly inputs: Float32Array;
  readonly rows: number;
  /** Per hidden layer rows × units, as `drawMask` draws them; undefined for no dropout. */
  readonly masks: readonly Float32Array[] | undefined;
  /** ∂loss/∂raw of each row, from the raw scores. */
  readonly slopesOf: (raw: Float32Array) => Float32Array;
}

/** What a pass finds. */
export interface PassResult {
  /** ∂loss/∂parameter, in the order of the parameters. */
  readonly gradient: Float32Array;
  /** Of each normalised layer. */
  readonly statistics: readonly BatchStatistics[];
}

/** What a pass works with besides the request. */
interface Pass extends PassRequest, PassResult {
  readonly statistics: BatchStatistics[];
  /** A row of ones: its product with a matrix sums the columns. */
  readonly ones: Tensor2D;
  /** 1/rows. */
  readonly perRow: Scalar;
}

/** What the backward pass of a layer needs of the forward one. */
interface Passed {
  readonly layer: LayerParameters;
  readonly input: Tensor2D;
  readonly weights: Tensor2D;
  readonly normalized: { readonly values: Tensor2D; readonly factor: Tensor2D } | undefined;
  /** Before the ReLU. */
  readonly sums: Tensor2D;
  readonly mask: Tensor2D | undefined;
}

/**
 * The gradient of a batch's loss, by back-propagation: Dense, batch normalisation, ReLU, dropout for each hidden layer, Dense for the output. The
 * formulas of batch normalisation are those of Ioffe and Szegedy (2015, section 3).
 *
 * Products with a transposed factor and sums over rows go through kernels of the backend that are ten to thirty times slower than its plain matrix
 * product; so factors are transposed first, and columns are summed by a product with a row of ones.
 */
export function passBatch(request: PassRequest): PassResult {
  const { plan, rows, slopesOf } = request;
  const result = { gradient: new Float32Array(plan.size), statistics: [] };
  tf.tidy(() => {
    const pass = { ...request, ...result, ones: tf.ones<Rank.R2>([1, rows]), perRow: tf.scalar(1 / rows) };
    const passed = passForward(pass);
    const raw = (passed.at(-1) as Passed).sums.dataSync<'float32'>();
    passBackward(pass, passed, tf.tensor2d(slopesOf(raw.slice()), [rows, 1]));
  });
  return result;
}

function passForward(pass: Pass): Passed[] {
  const { plan, inputs, rows } = pass;
  const passed: Passed[] = [];
  let activations = tf.tensor2d(inputs, [rows, inputs.length / rows]);
  for (const [index, layer] of plan.layers.entries()) {
    const isLast = index === plan.layers.length - 1;
    const step = layerForward(pass, layer, { input: activations, mask: pass.masks?.[index] });
    passed.push(step);
    if (isLast) break;
    const rectified = tf.relu(step.sums);
    activations = step.mask === undefined ? rectified : tf.mul(rectified, step.mask);
  }
  return passed;
}

function layerForward(
  { parameters, rows, statistics, ones, perRow }: Pass,
  layer: LayerParameters,
  { input, mask }: { readonly input: Tensor2D; readonly mask: Float32Array | undefined },
): Passed {
  const { inputs, outputs } = layer;
  const taken = (start: number, height: number) =>
    tf.tensor2d(parameters.slice(start, start + height * outputs), [height, outputs]);
  const weights = taken(layer.weights, inputs);
  const product: Tensor2D = tf.matMul(input, weights);
  const shifts = taken(layer.shifts, 1);
  const common = {
    layer,
    input,
    weights,
    mask: mask === undefined ? undefined : tf.tensor2d(mask, [rows, outputs]),
  };
  if (layer.gains === undefined) return { ...common, normalized: undefined, sums: tf.add(product, shifts) };
  const mean: Tensor2D = tf.mul(tf.matMul(ones, product), perRow);
  const centered: Tensor2D = tf.sub(product, mean);
  const variance: Tensor2D = tf.mul(tf.matMul(ones, tf.square(centered)), perRow);
  statistics.push({
    mean: mean.dataSync<'float32'>().slice(),
    variance: variance.dataSync<'float32'>().slice(),
  });
  const inverse: Tensor2D = tf.rsqrt(tf.add(variance, VARIANCE_GUARD));
  const values: Tensor2D = tf.mul(centered, inverse);
  const gains = taken(layer.gains, 1);
  return {
    ...common,
    normalized: { values, factor: tf.mul(gains, inverse) },
    sums: tf.add(tf.mul(values, gains), shifts),
  };
}

/** From ∂loss/∂raw back to the first layer; writes the gradient. */
function passBackward(pass: Pass, passed: readonly Passed[], rawSlopes: Tensor2D): void {
  let slopes = rawSlopes;
  for (let index = passed.length - 1; index >= 0; index--) {
    const step = passed[index] as Passed;
    if (index < passed.length - 1) {
      if (step.mask !== undefined) slopes = tf.mul(slopes, step.mask);
      slopes = tf.mul(slopes, tf.step(step.sums));
    }
    slopes = throughNormalization(pass, step, slopes);
    store(pass, step.layer.weights, tf.matMul(tf.transpose(step.input), slopes));
    if (index > 0) slopes = tf.matMul(slopes, tf.transpose(step.weights));
  }
}

/** ∂loss/∂(input · weights), from ∂loss/∂sums; writes what the shifts and gains get. */
function throughNormalization(pass: Pass, { layer, normalized }: Passed, slopes: Tensor2D): Tensor2D {
  const { ones, perRow } = pass;
  const shiftSlopes: Tensor2D = tf.matMul(ones, slopes);
  store(pass, layer.shifts, shiftSlopes);
  if (normalized === undefined || layer.gains === undefined) return slopes;
  const { values, factor } = normalized;
  const gainSlopes: Tensor2D = tf.matMul(ones, tf.mul(slopes, values));
  store(pass, layer.gains, gainSlopes);
  const centered = tf.sub(slopes, tf.mul(shiftSlopes, perRow));
  return tf.mul(tf.sub(centered, tf.mul(values, tf.mul(gainSlopes, perRow))), factor);
}

function store({ gradient }: Pass, start: number, slopes: Tensor): void {
  gradient.set(slopes.dataSync<'float32'>(), start);
}

/**
 * Raw scores of a trained network in single precision: quick, for the loss after an epoch.
 *
 * @param inputs row-major, rows × inputs of the first layer
 */
export function scoreBatch(layers: readonly DenseLayer[], inputs: Float32Array, rows: number): Float32Array {
  let raw = new Float32Array();
  tf.tidy(() => {
    let activations: Tensor2D = tf.tensor2d(inputs, [rows, inputs.length / rows]);
    for (const [index, layer] of layers.entries()) {
      const product = tf.fused.matMul({
        a: activations,
        b: tf.tensor2d(layer.weights, [layer.inputs, layer.outputs]),
        bias: tf.tensor1d(layer.bias),
        activation: index < layers.length - 1 ? 'relu' : 'linear',
      });
      activations = tf.reshape<Rank.R2>(product, [rows, layer.outputs]);
    }
    raw = activations.dataSync<'float32'>().slice();
  });
  return raw;
}
